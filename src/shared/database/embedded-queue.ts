import { AsyncLocalStorage } from 'node:async_hooks';
import type { DataSource } from 'typeorm';

/**
 * Lets one unit of work at a time onto the embedded database. TypeORM gives SQLite a single connection, so that two
 * overlapping transactions would mix: one's rollback would undo the other's rows, and reads would see what is not
 * committed. Everything waits here for its turn, reads and single statements included; what already has its turn
 * passes.
 */
export class EmbeddedGate {
  private readonly holders = new AsyncLocalStorage<{ open: boolean }>();
  private last: Promise<unknown> = Promise.resolve();

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.isHeld) return work();
    const turn = { open: true };
    const previous = this.last;
    const result = previous.then(() => this.holders.run(turn, work));
    this.last = result
      .catch(() => undefined)
      .finally(() => {
        turn.open = false;
      });
    return result;
  }

  private get isHeld(): boolean {
    return this.holders.getStore()?.open === true;
  }

  /**
   * A seat belt for code that goes to TypeORM directly: its single statements wait for their turn, and a transaction
   * of its own, which could not be kept apart, is refused.
   */
  guard(dataSource: DataSource): void {
    const runner = dataSource.createQueryRunner();
    const query = runner.query.bind(runner);
    const startTransaction = runner.startTransaction.bind(runner);
    runner.query = ((...parameters: Parameters<typeof query>) =>
      this.run(() => query(...parameters))) as typeof runner.query;
    runner.startTransaction = async (isolationLevel) => {
      if (!this.isHeld)
        throw new Error('Open transactions with UnitOfWork.run: the embedded database has one connection');
      return startTransaction(isolationLevel);
    };
  }
}
