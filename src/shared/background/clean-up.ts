import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type Type } from '@nestjs/common';
import { type FindOptionsWhere, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { skipLocked } from '../database/skip-locked.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { Clock } from '../lib/clock.js';
import { MINUTE } from '../lib/duration.js';
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
  register<T extends ObjectLiteral>(entity: Type<T>, expired: (now: Date) => FindOptionsWhere<T>): void {
    this.jobs.add({
      name: `clean-up of ${entity.name}`,
      interval: INTERVAL,
      run: async (stopping) => {
        const where = expired(this.clock.now());
        while (!stopping.aborted && (await this.deleteBatch(entity, where)) === BATCH_SIZE)
          await delay(PAUSE);
      },
    });
  }

  private async deleteBatch<T extends ObjectLiteral>(
    entity: Type<T>,
    where: FindOptionsWhere<T>,
  ): Promise<number> {
    // Found without locks and locked by their keys alone: a locking search would lock the gaps between rows, too, and
    // with them whoever wants to insert one.
    const found = await this.db.read((manager) =>
      keysOf(manager.createQueryBuilder(entity, 'item').where(where).limit(BATCH_SIZE)),
    );
    if (found.length === 0) return 0;
    return this.db.run(async (manager) => {
      const query = manager.createQueryBuilder(entity, 'item').where(where).andWhereInIds(found);
      const keys = await keysOf(skipLocked(this.db, query));
      if (keys.length > 0) await manager.delete(entity, keys);
      return keys.length;
    });
  }
}

async function keysOf<T extends ObjectLiteral>(query: SelectQueryBuilder<T>): Promise<(number | string)[]> {
  const key = query.expressionMap.mainAlias!.metadata.primaryColumns[0]!.propertyName;
  const rows = await query.select(`item.${key}`, 'key').getRawMany<{ key: number | string }>();
  return rows.map((row) => row.key);
}
