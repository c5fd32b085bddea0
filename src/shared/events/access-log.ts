import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../database/unit-of-work.js';
import { RequestContext } from '../access/request-context.js';
import { type AuditableEvent, RecordRead, RecordsListed } from './auditable-event.js';
import { DomainEvents } from './domain-events.js';

/**
 * Notes who reads whose records. Call it once what is to be shown is known, and wait for it: what can't be noted is not
 * shown. One's own record is not another person's, and what runs without a request reads for nobody; neither is noted.
 */
@Injectable()
export class AccessLog {
  constructor(
    private readonly events: DomainEvents,
    private readonly db: UnitOfWork,
  ) {}

  /** @param action of the audit log: `user.read`, or for a part of the record `user.<part>_read` */
  async read(userId: number, action = 'user.read'): Promise<void> {
    if (this.others([userId]).length > 0) await this.note(new RecordRead(userId, action));
  }

  async listed(userIds: readonly number[]): Promise<void> {
    const others = this.others(userIds);
    if (others.length > 0) await this.note(new RecordsListed(others));
  }

  private others(userIds: readonly number[]): number[] {
    const reader = RequestContext.current()?.actor;
    return reader ? userIds.filter((id) => id !== reader.id) : [];
  }

  private async note(event: AuditableEvent): Promise<void> {
    await this.db.run(() => this.events.publish(event));
  }
}
