import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type Type } from '@nestjs/common';
import {
  DataSource,
  type EntityManager,
  type FindOptionsWhere,
  type ObjectLiteral,
  type QueryDeepPartialEntity,
  type SelectQueryBuilder,
} from 'typeorm';
import { isRetryable, isUnreachable } from './database-errors.js';
import { EmbeddedQueue } from './embedded-queue.js';

/** How often a unit is run at the most when it is the loser of a deadlock, a lock time-out or a certification. */
const MAX_ATTEMPTS = 6;
const FIRST_PAUSE_MS = 10;

type Work<T> = (manager: EntityManager) => Promise<T>;
type AfterCommit = () => void | Promise<void>;

/** How a unit ended; `unknown` where the commit failed: the database may have committed all the same. */
export type Outcome = 'committed' | 'rolled back' | 'unknown';

class Unit {
  readonly afterCommit: AfterCommit[] = [];
  readonly onEnd: ((outcome: Outcome) => void)[] = [];
  constructor(readonly manager: EntityManager) {}
}

/**
 * The way to the database. `run` is a transaction, `read` a statement or two without one; both join the unit that is
 * already open, so that methods compose without passing anything along. The other methods are what repositories do
 * most often; each joins the open unit as well, and is a unit of its own where there is none.
 *
 * A unit may be run again after a deadlock: nothing in it may reach outside the database. No network call and no
 * password hashing inside, they would hold its locks.
 */
@Injectable()
export class UnitOfWork implements OnApplicationShutdown {
  private readonly logger = new Logger(UnitOfWork.name);
  private readonly units = new AsyncLocalStorage<Unit>();
  private readonly embeddedQueue: EmbeddedQueue | null;
  private readonly reactions = new Set<Promise<void>>();

  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {
    this.embeddedQueue = this.isEmbedded ? new EmbeddedQueue() : null;
    this.embeddedQueue?.guard(dataSource);
  }

  /** SQLite: one process, one connection, one unit at a time. */
  get isEmbedded(): boolean {
    return this.dataSource.options.type === 'better-sqlite3';
  }

  /** Runs `work` in a transaction, or in the one that is open. Rolls back when it throws. */
  async run<T>(work: Work<T>): Promise<T> {
    const current = this.units.getStore();
    if (current) return work(current.manager);
    for (let attempt = 1; ; attempt++) {
      try {
        const [unit, result] = await this.exclusively(() => this.transaction(work));
        this.react(unit.afterCommit);
        return result;
      } catch (error) {
        if (!isRetryable(error) || attempt === MAX_ATTEMPTS) throw error;
        await delay(FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random()));
      }
    }
  }

  /** Runs `work` without a transaction, or in the one that is open. Asks once more where the connection was lost. */
  async read<T>(work: Work<T>): Promise<T> {
    const current = this.units.getStore();
    if (current) return work(current.manager);
    return this.exclusively(async () => {
      try {
        return await work(this.dataSource.manager);
      } catch (error) {
        if (!isUnreachable(error)) throw error;
        return work(this.dataSource.manager);
      }
    });
  }

  findOne<T extends ObjectLiteral>(entity: Type<T>, where: FindOptionsWhere<T>): Promise<T | null> {
    return this.read((manager) => manager.findOneBy(entity, where));
  }

  /** The row, locked until the unit of work ends: what is decided on its values stays true. */
  lockOne<T extends ObjectLiteral>(entity: Type<T>, where: FindOptionsWhere<T>): Promise<T | null> {
    return this.run((manager) =>
      this.locked(manager.createQueryBuilder(entity, 'item').where(where)).getOne(),
    );
  }

  /** Inserts a row. The database makes its id, which is set in `row` and returned. */
  async insert<T extends { id: number }>(entity: Type<T>, row: Partial<T>): Promise<number> {
    return this.run(async (manager) => {
      // Without the id, which a unit that is run again has set before.
      const columns = { ...row, id: undefined } as unknown as QueryDeepPartialEntity<T>;
      const { identifiers } = await manager.insert(entity, columns);
      const { id } = identifiers[0] as { id: number };
      row.id = id;
      return id;
    });
  }

  /** @returns how many rows there were */
  async update<T extends ObjectLiteral>(
    entity: Type<T>,
    where: FindOptionsWhere<T>,
    changes: QueryDeepPartialEntity<T>,
  ): Promise<number> {
    const { affected } = await this.run((manager) => manager.update(entity, where, changes));
    return affected ?? 0;
  }

  /** @returns how many rows there were */
  async delete<T extends ObjectLiteral>(entity: Type<T>, where: FindOptionsWhere<T>): Promise<number> {
    const { affected } = await this.run((manager) => manager.delete(entity, where));
    return affected ?? 0;
  }

  /**
   * Makes a query lock the rows that it finds until the unit of work ends. The embedded database has no row locks and
   * needs none: one unit runs at a time.
   */
  locked<T extends ObjectLiteral>(query: SelectQueryBuilder<T>): SelectQueryBuilder<T> {
    return this.isEmbedded ? query : query.setLock('pessimistic_write');
  }

  /** The same, but leaves out rows that another unit has locked: replicas share work without waiting for each other. */
  skipLocked<T extends ObjectLiteral>(query: SelectQueryBuilder<T>): SelectQueryBuilder<T> {
    return this.isEmbedded ? query : this.locked(query).setOnLocked('skip_locked');
  }

  /** Runs `action` once the open unit is committed; its failure is logged and not thrown. */
  afterCommit(action: AfterCommit): void {
    this.open().afterCommit.push(action);
  }

  /** Calls `action` as soon as the open unit has ended, however it did. A unit that is run again is another one. */
  onEnd(action: (outcome: Outcome) => void): void {
    this.open().onEnd.push(action);
  }

  /** Stands for the open unit, as the key of what is kept for it. */
  get unit(): object {
    return this.open();
  }

  /** Whether the caller is inside a transaction. */
  get isOpen(): boolean {
    return this.units.getStore() !== undefined;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.reactions);
  }

  private open(): Unit {
    const current = this.units.getStore();
    if (!current) throw new Error('There is no open unit of work');
    return current;
  }

  private async transaction<T>(work: Work<T>): Promise<[Unit, T]> {
    const progress: { unit?: Unit; isDone: boolean } = { isDone: false };
    const end = (outcome: Outcome): void => progress.unit?.onEnd.forEach((action) => action(outcome));
    try {
      const result = await this.dataSource.transaction(async (manager) => {
        const unit = new Unit(manager);
        progress.unit = unit;
        const value = await this.units.run(unit, () => work(manager));
        progress.isDone = true;
        return [unit, value] as [Unit, T];
      });
      end('committed');
      return result;
    } catch (error) {
      end(progress.isDone ? 'unknown' : 'rolled back');
      throw error;
    }
  }

  private exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.embeddedQueue ? this.embeddedQueue.run(work) : work();
  }

  private react(actions: AfterCommit[]): void {
    for (const action of actions) {
      const reaction = Promise.resolve()
        .then(action)
        .catch((error: unknown) => {
          this.logger.error({ err: error }, 'A reaction after commit failed');
        })
        .finally(() => this.reactions.delete(reaction));
      this.reactions.add(reaction);
    }
  }
}
