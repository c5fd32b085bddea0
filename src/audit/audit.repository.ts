import { Injectable } from '@nestjs/common';
import { type EntityManager, In, IsNull, MoreThan, type SelectQueryBuilder } from 'typeorm';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import type { PageWindow } from '../shared/http/paging.dto.js';
import { AuditEvent, AuditEventUser } from './audit-event.entity.js';

export interface AuditFilter {
  /** The account that events are about, alone or with others. */
  readonly userId?: number | undefined;
  readonly actorId?: number | undefined;
  readonly action?: string | undefined;
  /** Only what belongs into somebody's access report. */
  readonly isReported?: boolean;
  /** Both inclusive. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** Every statement that writes or lists events. */
@Injectable()
export class AuditRepository {
  constructor(private readonly db: UnitOfWork) {}

  async insert({ userIds, ...event }: Omit<AuditEvent, 'id' | 'position' | 'seal'>): Promise<void> {
    await this.db.run(async (manager) => {
      const eventId = await this.db.insert(AuditEvent, event);
      if (userIds)
        await manager.insert(
          AuditEventUser,
          userIds.map((userId) => ({ eventId, userId })),
        );
    });
  }

  /** How many events with the same action, actor and subject were written after a moment. */
  countAlike(
    { action, actorId, userId }: Pick<AuditEvent, 'action' | 'actorId' | 'userId'>,
    after: Date,
  ): Promise<number> {
    return this.db.read((manager) =>
      manager.countBy(AuditEvent, {
        action,
        actorId: actorId ?? IsNull(),
        userId: userId ?? IsNull(),
        createdAt: MoreThan(after),
      }),
    );
  }

  async count(filter: AuditFilter): Promise<number> {
    return this.db.read(async (manager) => {
      let total = 0;
      for (const query of sources(manager, filter)) {
        const row = await query.select('COUNT(*)', 'count').getRawOne<{ count: string | number }>();
        total += Number(row?.count ?? 0);
      }
      return total;
    });
  }

  /** Newest first. As with the accounts, the ids come first, from indexes; only the page's rows are read whole. */
  page(filter: AuditFilter, window: PageWindow): Promise<AuditEvent[]> {
    return this.db.read(async (manager) => {
      const rows = await newestIds(manager, filter, window).getRawMany<{ id: number }>();
      const ids = rows.map(({ id }) => id);
      const events = new Map((await loadEvents(manager, ids)).map((event) => [event.id, event]));
      return ids.flatMap((id) => events.get(id) ?? []);
    });
  }
}

/** Events by their ids, with the accounts of those about several. */
export async function loadEvents(manager: EntityManager, ids: number[]): Promise<AuditEvent[]> {
  if (ids.length === 0) return [];
  const events = await manager.findBy(AuditEvent, { id: In(ids) });
  const listed = await manager.find(AuditEventUser, {
    where: { eventId: In(ids) },
    order: { eventId: 'ASC', userId: 'ASC' },
  });
  const usersOf = new Map<number, number[]>();
  for (const { eventId, userId } of listed) usersOf.set(eventId, [...(usersOf.get(eventId) ?? []), userId]);
  for (const event of events) event.userIds = usersOf.get(event.id) ?? null;
  return events;
}

type Query = SelectQueryBuilder<AuditEvent | AuditEventUser>;

/**
 * Where events may come from. Those about one account and those about several are found by an index each: an OR of the
 * two would use neither.
 */
function sources(manager: EntityManager, filter: AuditFilter): Query[] {
  const all: Query = restrict(manager.createQueryBuilder(AuditEvent, 'event'), filter);
  if (filter.userId === undefined) return [all];
  const { userId } = filter;
  const listed: Query = manager
    .createQueryBuilder(AuditEventUser, 'listed')
    .innerJoin(AuditEvent, 'event', 'event.id = listed.eventId')
    .andWhere('listed.userId = :userId', { userId });
  return [all.andWhere('event.userId = :userId', { userId }), restrict(listed, filter)];
}

function restrict<T extends object>(
  query: SelectQueryBuilder<T>,
  { actorId, action, isReported, from, to }: AuditFilter,
): SelectQueryBuilder<T> {
  if (actorId !== undefined) query.andWhere('event.actorId = :actorId', { actorId });
  if (action !== undefined) query.andWhere('event.action = :action', { action });
  if (isReported) query.andWhere(`(event.action LIKE 'user.%' OR event.action = 'access_report.read')`);
  if (from !== undefined) query.andWhere('event.createdAt >= :from', { from });
  if (to !== undefined) query.andWhere('event.createdAt <= :to', { to });
  return query;
}

function newestIds(
  manager: EntityManager,
  filter: AuditFilter,
  { offset, pageSize }: PageWindow,
): SelectQueryBuilder<object> {
  const newest = sources(manager, filter).map((query) =>
    query
      .select('event.id', 'id')
      .addSelect('event.createdAt', 'moment')
      .orderBy('event.createdAt', 'DESC')
      .addOrderBy('event.id', 'DESC'),
  );
  const [only] = newest;
  if (only && newest.length === 1) return only.offset(offset).limit(pageSize);
  // Each gives as many as the page may need of it; both have the same parameters.
  const parts = newest.map(
    (query, index) => `SELECT * FROM (${query.limit(offset + pageSize).getQuery()}) part${index}`,
  );
  return manager
    .createQueryBuilder()
    .select('found.id', 'id')
    .from<object>(`(${parts.join(' UNION ALL ')})`, 'found')
    .setParameters(Object.assign({}, ...newest.map((query) => query.getParameters())) as object)
    .orderBy('found.moment', 'DESC')
    .addOrderBy('found.id', 'DESC')
    .offset(offset)
    .limit(pageSize);
}
