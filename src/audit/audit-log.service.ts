import { Injectable } from '@nestjs/common';
import { AccessLog } from '../shared/events/access-log.js';
import { PageMeta, type PageQuery, PageWindow } from '../shared/http/paging.dto.js';
import type { AuditEvent } from './audit-event.entity.js';
import { type AuditFilter, AuditRepository } from './audit.repository.js';

export interface AuditPage {
  readonly events: AuditEvent[];
  readonly meta: PageMeta;
}

/** Lists and reports of the audit log, newest first. */
@Injectable()
export class AuditLogService {
  constructor(
    private readonly auditRepository: AuditRepository,
    private readonly accessLog: AccessLog,
  ) {}

  async list(filter: AuditFilter, query: PageQuery): Promise<AuditPage> {
    const window = new PageWindow(query);
    const totalCount = await this.auditRepository.count(filter);
    const events = window.offset < totalCount ? await this.auditRepository.page(filter, window) : [];
    return { events, meta: PageMeta.of(window, totalCount) };
  }

  /** Who read or changed an account, who read this report included. Signing in is not among it. */
  async report(userId: number, query: PageQuery): Promise<AuditPage> {
    const page = await this.list({ userId, isReported: true }, query);
    await this.accessLog.read(userId, 'access_report.read');
    return page;
  }
}
