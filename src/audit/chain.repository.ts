import { Injectable } from '@nestjs/common';
import { In, LessThanOrEqual, MoreThan } from 'typeorm';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { AuditEvent, ChainHead } from './audit-event.entity.js';
import { loadEvents } from './audit.repository.js';
import type { Place } from './audit-seals.js';

/** There is one row. */
const HEAD_ID = 1;

/** An event and the place that it is to have. */
export interface NewLink extends Place {
  readonly id: number;
}

/** Every statement of the chain: sealing, checking, removing. */
@Injectable()
export class ChainRepository {
  constructor(private readonly db: UnitOfWork) {}

  head(): Promise<ChainHead | null> {
    return this.db.findOne(ChainHead, { id: HEAD_ID });
  }

  /**
   * The head, held until the unit of work ends. (On the embedded database the conditional `moveHead` alone decides
   * between processes.)
   *
   * @param options.wait until the process that holds it now lets go; else the answer is null there
   */
  lockHead({ wait }: { wait: boolean }): Promise<ChainHead | null> {
    return this.db.run((manager) => {
      const query = manager.createQueryBuilder(ChainHead, 'head').where({ id: HEAD_ID });
      return (wait ? this.db.locked(query) : this.db.skipLocked(query)).getOne();
    });
  }

  /** Puts `next` in the place of `current`. @returns false where that is not the head any more */
  async moveHead(current: ChainHead, next: ChainHead): Promise<boolean> {
    const { id, position, removedPosition } = current;
    return (await this.db.update(ChainHead, { id, position, removedPosition }, next)) === 1;
  }

  /** Events that are in no chain yet, in the order in which they were written. */
  unsealed(limit: number, afterId = 0): Promise<Pick<AuditEvent, 'id' | 'digest'>[]> {
    return this.db.read((manager) => {
      const query = manager
        .createQueryBuilder(AuditEvent, 'event')
        .select(['event.id', 'event.digest'])
        .where('event.position IS NULL');
      if (afterId > 0) query.andWhere('event.id > :afterId', { afterId });
      return query.orderBy('event.id').limit(limit).getMany();
    });
  }

  /**
   * Gives events their places, in one statement: sealing must keep up with whatever writes. Rows are found by the
   * primary key alone, whatever the size of the table: any other way would lock gaps in which others insert.
   */
  async seal(links: readonly NewLink[]): Promise<void> {
    const cases = links.map(() => 'WHEN ? THEN ?').join(' ');
    const ids = links.map(({ id }) => id);
    const byPrimaryKey = this.db.isEmbedded ? '' : 'FORCE INDEX (PRIMARY)';
    await this.db.run((manager) =>
      manager.query(
        `UPDATE audit_events ${byPrimaryKey}
         SET position = CASE id ${cases} END, seal = CASE id ${cases} END
         WHERE id IN (${ids.map(() => '?').join(', ')})`,
        [
          ...links.flatMap(({ id, position }) => [id, position]),
          ...links.flatMap(({ id, seal }) => [id, seal]),
          ...ids,
        ],
      ),
    );
  }

  /** The events in the chain after a position, in its order. */
  linksAfter(position: number, limit: number): Promise<AuditEvent[]> {
    return this.db.read(async (manager) => {
      const found = await manager.find(AuditEvent, {
        select: { id: true },
        where: { position: MoreThan(position) },
        order: { position: 'ASC' },
        take: limit,
      });
      const events = await loadEvents(
        manager,
        found.map(({ id }) => id),
      );
      return events.toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0));
    });
  }

  /** An event that claims a place which retention has removed. */
  intruder(removedPosition: number): Promise<AuditEvent | null> {
    return this.db.read((manager) =>
      manager.findOne(AuditEvent, {
        where: { position: LessThanOrEqual(removedPosition) },
        order: { position: 'ASC' },
      }),
    );
  }

  /** The first place that more than one event claims. */
  async contested(): Promise<number | null> {
    const row = await this.db.read((manager) =>
      manager
        .createQueryBuilder(AuditEvent, 'event')
        .select('event.position', 'position')
        .where('event.position IS NOT NULL')
        .groupBy('event.position')
        .having('COUNT(*) > 1')
        .orderBy('event.position')
        .limit(1)
        .getRawOne<{ position: number }>(),
    );
    return row?.position ?? null;
  }

  load(ids: number[]): Promise<AuditEvent[]> {
    return this.db.read((manager) => loadEvents(manager, ids));
  }

  async remove(ids: number[]): Promise<void> {
    await this.db.delete(AuditEvent, { id: In(ids) });
  }
}
