import { Injectable } from '@nestjs/common';
import { RequestContext } from '../access/request-context.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { KeyedQueue } from '../lib/keyed-queue.js';
import type { FailedAttempt } from './auditable-event.js';
import { DomainEvents } from './domain-events.js';

/**
 * Records what was refused. In a unit of work of its own: the refusal undoes what the request has written. Call it
 * outside any other, and before the error is thrown.
 */
@Injectable()
export class FailureLog {
  private readonly queue = new KeyedQueue();

  constructor(
    private readonly events: DomainEvents,
    private readonly db: UnitOfWork,
  ) {}

  async record(failure: FailedAttempt): Promise<void> {
    if (this.db.isOpen) throw new Error(`${failure.constructor.name} would be undone with the request`);
    const actor = RequestContext.current()?.actor?.id ?? 'nobody';
    // One after the other, so that no more than may be are recorded of those that arrive at once.
    await this.queue.run(`${failure.auditAction} ${failure.userId} ${actor}`, () =>
      this.db.run(() => this.events.publish(failure)),
    );
  }
}
