import { AsyncLocalStorage } from 'node:async_hooks';
import type { DataSource } from 'typeorm';
import { KeyedQueue } from '../lib/keyed-queue.js';

/** The embedded database has one connection, so all tasks have one key. */
const CONNECTION = 'connection';

/**
 * Lets one unit of work at a time use the embedded database. TypeORM gives SQLite a single connection, so two
 * overlapping transactions would mix: a rollback of one would undo the rows of the other, and reads would see what is
 * not committed. Every statement waits here for its turn, reads and single statements included. The queue is
 * reentrant: code that already has its turn runs at once.
 */
export class EmbeddedQueue {
  private readonly turns = new AsyncLocalStorage<{ isOpen: boolean }>();
  private readonly queue = new KeyedQueue();

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.hasTurn) return work();
    const turn = { isOpen: true };
    return this.queue.run(CONNECTION, async () => {
      try {
        return await this.turns.run(turn, work);
      } finally {
        // Work that `work` started and did not await has to wait for a turn of its own.
        turn.isOpen = false;
      }
    });
  }

  private get hasTurn(): boolean {
    return this.turns.getStore()?.isOpen === true;
  }

  /**
   * Protects against code that goes to TypeORM directly: its single statements wait for their turn, and a transaction
   * of its own, which could not be kept apart, is refused.
   */
  guard(dataSource: DataSource): void {
    const runner = dataSource.createQueryRunner();
    const query = runner.query.bind(runner);
    const startTransaction = runner.startTransaction.bind(runner);
    runner.query = ((...parameters: Parameters<typeof query>) =>
      this.run(() => query(...parameters))) as typeof runner.query;
    runner.startTransaction = async (isolationLevel) => {
      if (!this.hasTurn)
        throw new Error('Open transactions with UnitOfWork.run: the embedded database has one connection');
      return startTransaction(isolationLevel);
    };
  }
}
