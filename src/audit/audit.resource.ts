import type { Role } from '../shared/access/index.js';
import { PageMeta } from '../shared/http/paging.dto.js';
import type { AuditEvent } from './audit-event.entity.js';

/** What the log records of an event. No names, addresses or values. */
export class AuditEventResource {
  /** @example 4711 */
  id: number;
  /** @example "2026-11-20T15:30:00.000Z" */
  createdAt: Date;
  /** @example "user.read" */
  action: string;
  /**
   * Who did it; null without a signed-in user, and for the command line.
   * @example 7
   */
  actorId: number | null;
  /**
   * The account that it is about.
   * @example 123
   */
  userId: number | null;
  /**
   * The accounts that a list showed, or that a search or filter counted; else null.
   * @example [123, 124]
   */
  userIds: number[] | null;
  /** @example "203.0.113.7" */
  ip: string | null;
  /** @example "b6c1f0de-3c2e-4d47-9f6a-0a1f6f1f2d3c" */
  requestId: string | null;
  /**
   * The reason, from `X-Access-Reason`.
   * @example "Follow-up call"
   */
  reason: string | null;

  /**
   * Only of `users.searched`: how many people the search found.
   * @example 1234
   */
  count?: number;
  /**
   * Only of `users.searched`: a keyed hash of the search and the filters, the same for the same ones.
   * @example "pNzSBgZtJ0dJmfIdr2z2h4Bkq0hVxIYb4WcVYvXw0Ds"
   */
  searchHash?: string;

  static of(event: AuditEvent): AuditEventResource {
    const { id, createdAt, action, actorId, userId, userIds, ip, requestId, reason, counted, searchHash } =
      event;
    const shown = { id, createdAt, action, actorId, userId, userIds, ip, requestId, reason };
    return counted === null || searchHash === null ? shown : { ...shown, count: counted, searchHash };
  }
}

export class AuditEventListResource {
  auditEvents: AuditEventResource[];
  meta: PageMeta;
}

/** One reading or change of an account, as the account's owner sees it. */
export class AccessReportEntryResource {
  /** @example "2026-11-20T15:30:00.000Z" */
  createdAt: Date;
  /** @example "user.read" */
  action: string;
  /**
   * Who it was; null without a signed-in user, and for the command line.
   * @example 7
   */
  actorId: number | null;
  /**
   * Their role at the time.
   * @example "admin"
   */
  actorRole: Role | null;
  /** @example "203.0.113.7" */
  ip: string | null;
  /** @example "b6c1f0de-3c2e-4d47-9f6a-0a1f6f1f2d3c" */
  requestId: string | null;
  /**
   * Their reason, from `X-Access-Reason`.
   * @example "Follow-up call"
   */
  reason: string | null;

  static of(event: AuditEvent): AccessReportEntryResource {
    const { createdAt, action, actorId, actorRole, ip, requestId, reason } = event;
    return { createdAt, action, actorId, actorRole, ip, requestId, reason };
  }
}

export class AccessReportResource {
  accessReport: AccessReportEntryResource[];
  meta: PageMeta;
}
