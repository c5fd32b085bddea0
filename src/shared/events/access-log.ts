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

  /**
   * A count tells something about those who are counted, whether they are shown or not: `counted` is what to record of it
   * where they are not all among the ids.
   */
  async searched(userIds: readonly number[], counted: CountedSearch | null): Promise<void> {
    await this.db.run(async () => {
      await this.listed(userIds);
      if (counted && RequestContext.current()?.actor) await this.note(new RecordsSearched(counted));
    });
  }

  private others(userIds: readonly number[]): number[] {
    const reader = RequestContext.current()?.actor;
    return reader ? userIds.filter((id) => id !== reader.id) : [];
  }

  private async note(event: AuditableEvent): Promise<void> {
    await this.db.run(() => this.events.publish(event));
  }
}
