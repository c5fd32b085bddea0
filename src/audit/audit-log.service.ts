import { Injectable } from '@nestjs/common';
import { AccessLog } from '../shared/events/access-log.js';
import { PageMeta, type PageQuery, PageWindow } from '../shared/http/paging.dto.js';
import type { AuditEvent } from './audit-event.entity.js';
import { type AuditFilter, AuditRepository } from './audit.repository.js';

export interface AuditPage {
  readonly events: AuditEvent[];
  readonly meta: PageMeta;
}

/** See `AuditableEvent`: the prefix of what somebody did to an account. Signing in is not among it. */
const READ_OR_CHANGED = 'user.';

/** Looking things up in the log, newest first. */
@Injectable()
export class AuditLog {
  constructor(
    private readonly audit: AuditRepository,
    private readonly accessLog: AccessLog,
  ) {}

  async list(filter: AuditFilter, query: PageQuery): Promise<AuditPage> {
    const window = new PageWindow(query);
    const totalCount = await this.audit.count(filter);
    const events = window.offset < totalCount ? await this.audit.page(filter, window) : [];
    return { events, meta: PageMeta.of(window, totalCount) };
  }

  /** Who read or changed an account. That somebody else looks at this report is noted, but is no part of it. */
  async report(userId: number, query: PageQuery): Promise<AuditPage> {
    const page = await this.list({ userId, actionPrefix: READ_OR_CHANGED }, query);
    await this.accessLog.read(userId, 'access_report.read');
    return page;
  }
}
