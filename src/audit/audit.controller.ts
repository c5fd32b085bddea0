import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AdminOnly, Permit, UserId } from '../shared/access/index.js';
import { linkPages } from '../shared/http/link-header.js';
import { PageQuery } from '../shared/http/paging.dto.js';
import { ApiPageResponse } from '../shared/openapi/api-responses.js';
import { ListAuditEventsQuery } from './audit.dto.js';
import { AuditLog } from './audit-log.service.js';
import {
  AccessReportEntryResource,
  AccessReportResource,
  AuditEventListResource,
  AuditEventResource,
} from './audit.resource.js';

@ApiTags('Audit')
@Controller('v1')
export class AuditController {
  constructor(private readonly log: AuditLog) {}

  /** What happened, newest first. */
  @Get('audit_events')
  @AdminOnly()
  @ApiPageResponse(AuditEventListResource, '/v1/audit_events?page=2&page_size=50')
  async list(
    @Query() query: ListAuditEventsQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuditEventListResource> {
    const { events, meta } = await this.log.list(query, query);
    linkPages(request, reply, meta);
    return { auditEvents: events.map((event) => AuditEventResource.of(event)), meta };
  }

  /** Who read or changed an account, when, from where and why: for its owner and for administrators. */
  @Get('users/:id/access_report')
  @Permit('readAccessReport', { ofExisting: true })
  @ApiPageResponse(AccessReportResource, '/v1/users/123/access_report?page=2&page_size=50')
  async report(
    @UserId() id: number,
    @Query() query: PageQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccessReportResource> {
    const { events, meta } = await this.log.report(id, query);
    linkPages(request, reply, meta);
    return { accessReport: events.map((event) => AccessReportEntryResource.of(event)), meta };
  }
}
