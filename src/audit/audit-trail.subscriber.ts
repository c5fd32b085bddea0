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

/** Writes down what happens, in the transaction in which it happens. */
@Injectable()
export class AuditTrail {
  constructor(
    private readonly audit: AuditRepository,
    private readonly seals: AuditSeals,
    private readonly writers: EventWriters,
    private readonly clock: Clock,
  ) {}

  @WithinTransaction(AuditableEvent)
  async record(happened: AuditableEvent): Promise<void> {
    const request = RequestContext.current();
    const actor = happened.actor ?? request?.actor;
    const event = {
      createdAt: this.clock.now(),
      action: happened.auditAction,
      actorId: actor?.id ?? null,
      actorRole: actor?.role ?? null,
      userId: happened.userId,
      userIds: happened.userIds ? [...new Set(happened.userIds)].toSorted((a, b) => a - b) : null,
      ip: request ? storableIp(request.ip) : null,
      requestId: request?.requestId ?? null,
      reason: request?.accessReason ?? null,
      counted: happened.counted?.count ?? null,
      searchHash: happened.counted ? this.seals.searchHash(happened.counted.narrowedBy) : null,
    };
    if (happened.maxPerMinute !== null) {
      const count = await this.audit.countAlike(event, before(event.createdAt, MINUTE));
      if (count >= happened.maxPerMinute) return;
    }
    await this.writers.numbered(async (number) => {
      const numbered = { ...event, ...number };
      await this.audit.insert({ ...numbered, digest: this.seals.digest(numbered) });
    });
  }
}

/** A trusted proxy may hand on anything as an address. */
function storableIp(ip: string): string | null {
  return isIP(ip) === 0 ? null : ip.slice(0, MAX_IP_LENGTH);
}
