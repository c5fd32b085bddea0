import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  type EntityManager,
  type EntityTarget,
  type FindOptionsWhere,
  In,
  type ObjectLiteral,
} from 'typeorm';
import { skipLocked } from '../database/skip-locked.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { Clock } from '../time/clock.js';
import { MINUTE } from '../time/duration.js';
import { BackgroundJobs } from './background-jobs.js';

/** Few enough that nobody notices their locks, many enough to keep up with the busiest table. */
const BATCH_SIZE = 500;
/** Between two batches, in milliseconds: whoever waits for the database goes first. */
const PAUSE = 20;
const INTERVAL = 10 * MINUTE;

/**
 * Deletes rows that are of no more use, in small batches. Every replica does; rows that another one is just deleting,
 * or somebody is just changing, are left out.
 */
@Injectable()
export class CleanUp {
  constructor(
    private readonly jobs: BackgroundJobs,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * @param expired which rows, at a given time; their columns need an index
   */
  register<T extends ObjectLiteral>(
    entity: EntityTarget<T>,
    expired: (now: Date) => FindOptionsWhere<T>,
  ): void {
    const name = `clean-up of ${typeof entity === 'function' ? entity.name : String(entity)}`;
    this.jobs.add({
      name,
      interval: INTERVAL,
      run: async (stopping) => {
        const where = expired(this.clock.now());
        while (!stopping.aborted && (await this.deleteBatch(entity, where)) === BATCH_SIZE)
          await delay(PAUSE);
      },
    });
  }

  private async deleteBatch<T extends ObjectLiteral>(
    entity: EntityTarget<T>,
    where: FindOptionsWhere<T>,
  ): Promise<number> {
    // Found without locks and locked by their keys alone: a locking search would lock the gaps between rows, too, and
    // with them whoever wants to insert one.
    const found = await this.db.read((manager) => {
      const key = keyOf(manager, entity);
      const query = manager.createQueryBuilder(entity, 'row').select(`row.${key}`, 'key');
      return query.where(where).limit(BATCH_SIZE).getRawMany<{ key: Key }>();
    });
    if (found.length === 0) return 0;
    return this.db.run(async (manager) => {
      const key = keyOf(manager, entity);
      const query = manager.createQueryBuilder(entity, 'row').select(`row.${key}`, 'key');
      const rows = await skipLocked(this.db, query)
        .where({ ...where, [key]: In(found.map((row) => row.key)) })
        .getRawMany<{ key: Key }>();
      const keys = rows.map((row) => row.key);
      if (keys.length > 0) await manager.delete(entity, { [key]: In(keys) } as FindOptionsWhere<T>);
      return rows.length;
    });
  }
}

type Key = number | string;

/** The name of the property that is the primary key. */
function keyOf(manager: EntityManager, entity: EntityTarget<ObjectLiteral>): string {
  return manager.dataSource.getMetadata(entity).primaryColumns[0]!.propertyName;
}
