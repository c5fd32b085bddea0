import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { type FindOptionsWhere, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { UnitOfWork } from '../database/unit-of-work.js';
import { Clock } from '../lib/clock.js';
import { addMethodMetadata, decoratedMethods } from '../lib/decorated-methods.js';
import { MINUTE } from '../lib/duration.js';
import { BackgroundJobs } from './background-jobs.js';

/** Few enough that their locks hold up nobody for long, many enough to keep up with the busiest table. */
const BATCH_SIZE = 500;
/** Milliseconds between two batches, in which others may use the database. */
const PAUSE = 20;
const INTERVAL = 10 * MINUTE;
const EXPIRED = Symbol('expired rows');

type Expired<T> = (now: Date) => FindOptionsWhere<T>;

/**
 * Deletes the rows that the method describes, some time after they answer to it. It stands in the repository of the
 * rows; their columns need an index:
 *
 * ```ts
 * @DeleteExpired(Quota)
 * expired(now: Date): FindOptionsWhere<Quota> {
 *   return { expiresAt: LessThanOrEqual(now) };
 * }
 * ```
 */
export function DeleteExpired<T extends ObjectLiteral>(
  entity: Type<T>,
): (target: object, name: string | symbol, descriptor: TypedPropertyDescriptor<Expired<T>>) => void {
  return addMethodMetadata(EXPIRED, { entity });
}

/**
 * Deletes rows that are of no more use, in small batches. Every replica does so; rows that another unit of work is just
 * deleting or changing are left out.
 */
@Injectable()
export class CleanUp implements OnModuleInit {
  constructor(
    private readonly backgroundJobs: BackgroundJobs,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onModuleInit(): void {
    const methods = decoratedMethods<{ entity: Type<ObjectLiteral> }>(EXPIRED, this.discovery, this.scanner);
    for (const { metadata, name, call } of methods) {
      this.backgroundJobs.add({
        name,
        interval: INTERVAL,
        run: (stopping) => this.deleteAll(metadata.entity, call as Expired<ObjectLiteral>, stopping),
      });
    }
  }

  private async deleteAll(
    entity: Type<ObjectLiteral>,
    expired: Expired<ObjectLiteral>,
    stopping: AbortSignal,
  ): Promise<void> {
    const where = expired(this.clock.now());
    while (!stopping.aborted && (await this.deleteBatch(entity, where)) === BATCH_SIZE) await delay(PAUSE);
  }

  private async deleteBatch(
    entity: Type<ObjectLiteral>,
    where: FindOptionsWhere<ObjectLiteral>,
  ): Promise<number> {
    // Found without locks and locked by their keys alone: a locking search would lock the gaps between rows, too, and
    // hold up inserts.
    const found = await this.db.read((manager) =>
      keysOf(manager.createQueryBuilder(entity, 'item').where(where).limit(BATCH_SIZE)),
    );
    if (found.length === 0) return 0;
    return this.db.run(async (manager) => {
      const query = manager.createQueryBuilder(entity, 'item').where(where).andWhereInIds(found);
      const keys = await keysOf(this.db.skipLocked(query));
      if (keys.length > 0) {
        await manager.createQueryBuilder().delete().from(entity).whereInIds(keys).execute();
      }
      return keys.length;
    });
  }
}

/** The primary keys that a query finds, by the names of their properties. */
function keysOf(query: SelectQueryBuilder<ObjectLiteral>): Promise<ObjectLiteral[]> {
  const names = query.expressionMap.mainAlias!.metadata.primaryColumns.map(
    ({ propertyName }) => propertyName,
  );
  query.select([]);
  for (const name of names) query.addSelect(`item.${name}`, name);
  return query.getRawMany();
}
