import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../database/unit-of-work.js';
import { RequestContext } from '../access/request-context.js';
import {
  type AuditableEvent,
  type CountedSearch,
  RecordRead,
  RecordsListed,
  RecordsSearched,
} from './auditable-event.js';
import { DomainEvents } from './domain-events.js';

/**
 * Records who reads whose records. Call it once the records to be shown are known, and wait for it: what can't be
 * recorded must not be shown. A person's reading of their own record is not recorded, nor what runs without a request.
 */
@Injectable()
export class AccessLog {
  constructor(
    private readonly events: DomainEvents,
    private readonly db: UnitOfWork,
  ) {}

  /** @param action of the audit log: `user.read`, or for a part of the record `user.<part>_read` */
  async read(userId: number, action = 'user.read'): Promise<void> {
    if (this.others([userId]).length > 0) await this.record(new RecordRead(userId, action));
  }

  async listed(userIds: readonly number[]): Promise<void> {
    const others = this.others(userIds);
    if (others.length > 0) await this.record(new RecordsListed(others));
  }

  /**
   * A count tells something about those who are counted, whether they are shown or not: `counted` is what to record of it
   * where they are not all among the ids.
   */
  async searched(userIds: readonly number[], counted: CountedSearch | null): Promise<void> {
    await this.db.run(async () => {
      await this.listed(userIds);
      if (counted && RequestContext.current()?.actor) await this.record(new RecordsSearched(counted));
    });
  }

  private others(userIds: readonly number[]): number[] {
    const reader = RequestContext.current()?.actor;
    return reader ? userIds.filter((id) => id !== reader.id) : [];
  }

  private async record(event: AuditableEvent): Promise<void> {
    await this.db.run(() => this.events.publish(event));
  }
}
