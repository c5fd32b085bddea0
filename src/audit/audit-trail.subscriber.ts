import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { WithinTransaction } from '../shared/events/domain-events.js';
import { AuditableEvent } from '../shared/events/auditable-event.js';
import { RequestContext } from '../shared/access/request-context.js';
import { Clock } from '../shared/lib/clock.js';
import { before, MINUTE } from '../shared/lib/duration.js';
import { AuditRepository } from './audit.repository.js';
import { AuditSeals } from './audit-seals.js';
import { EventWriters } from './event-writers.js';

const MAX_IP_LENGTH = 45;

/** Records each event in the audit log, in the transaction that publishes it. */
@Injectable()
export class AuditTrailSubscriber {
  constructor(
    private readonly auditRepository: AuditRepository,
    private readonly auditSeals: AuditSeals,
    private readonly eventWriters: EventWriters,
    private readonly clock: Clock,
  ) {}

  @WithinTransaction(AuditableEvent)
  async record(published: AuditableEvent): Promise<void> {
    const request = RequestContext.current();
    const actor = published.actor ?? request?.actor;
    const event = {
      createdAt: this.clock.now(),
      action: published.auditAction,
      actorId: actor?.id ?? null,
      actorRole: actor?.role ?? null,
      userId: published.userId,
      userIds: published.userIds ? [...new Set(published.userIds)].toSorted((a, b) => a - b) : null,
      ip: request ? storableIp(request.ip) : null,
      requestId: request?.requestId ?? null,
      reason: request?.accessReason ?? null,
      counted: published.counted?.count ?? null,
      searchHash: published.counted ? this.auditSeals.searchHash(published.counted.narrowedBy) : null,
    };
    if (published.maxPerMinute !== null) {
      const count = await this.auditRepository.countAlike(event, before(event.createdAt, MINUTE));
      if (count >= published.maxPerMinute) return;
    }
    await this.eventWriters.numbered(async (number) => {
      const numbered = { ...event, ...number };
      await this.auditRepository.insert({ ...numbered, digest: this.auditSeals.digest(numbered) });
    });
  }
}

/** Null for what is no address: a trusted proxy may pass on anything. */
function storableIp(ip: string): string | null {
  return isIP(ip) === 0 ? null : ip.slice(0, MAX_IP_LENGTH);
}
