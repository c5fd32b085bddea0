import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AdminOnly, Permit, UserId } from '../shared/access/index.js';
import { linkPages } from '../shared/http/link-header.js';
import { PageQuery } from '../shared/http/paging.dto.js';
import { ApiAccessReason } from '../shared/openapi/access-reason.js';
import { ListAuditEventsQuery } from './audit.dto.js';
import { AuditLogService } from './audit-log.service.js';
import { ApiAuditPage, ApiReportedUser } from './audit.openapi.js';
import {
  AccessReportEntryResource,
  AccessReportResource,
  AuditEventListResource,
  AuditEventResource,
} from './audit.resource.js';

@ApiTags('Audit')
@Controller('v1')
export class AuditController {
  constructor(private readonly auditLogService: AuditLogService) {}

  /** The audit log, newest first. */
  @Get('audit_events')
  @AdminOnly()
  @ApiAuditPage(AuditEventListResource, '/v1/audit_events')
  async list(
    @Query() query: ListAuditEventsQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuditEventListResource> {
    const { events, meta } = await this.auditLogService.list(query, query);
    linkPages(request, reply, meta);
    return { auditEvents: events.map((event) => AuditEventResource.of(event)), meta };
  }

  /** Who read or changed an account, when, from where and why: for its owner and for administrators. */
  @Get('users/:id/access_report')
  @Permit('readAccessReport', { ofExisting: true })
  @ApiReportedUser()
  @ApiAccessReason()
  @ApiAuditPage(AccessReportResource, '/v1/users/123/access_report')
  async report(
    @UserId() id: number,
    @Query() query: PageQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccessReportResource> {
    const { events, meta } = await this.auditLogService.report(id, query);
    linkPages(request, reply, meta);
    return { accessReport: events.map((event) => AccessReportEntryResource.of(event)), meta };
  }
}
