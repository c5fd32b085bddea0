import { Injectable } from '@nestjs/common';
import { In, type SelectQueryBuilder } from 'typeorm';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import type { PageWindow } from '../shared/http/paging.dto.js';
import { User } from './user.entity.js';
import { filtered, type UserFilter } from './user-filter.js';

export const SORT_COLUMNS = {
  id: 'id',
  email: 'email',
  last_name: 'lastNameKey',
  created_at: 'createdAt',
  updated_at: 'updatedAt',
} as const;

export interface UserOrder {
  readonly by: keyof typeof SORT_COLUMNS;
  readonly direction: 'ASC' | 'DESC';
}

type Query = SelectQueryBuilder<User>;

/** The statements that list and search accounts. */
@Injectable()
export class UserListRepository {
  constructor(private readonly db: UnitOfWork) {}

  count(filter: UserFilter): Promise<number> {
    return this.db.read(async (manager) => {
      const query = filtered(manager.createQueryBuilder(User, 'user'), filter);
      const row = await query.select('COUNT(*)', 'count').getRawOne<{ count: string | number }>();
      return Number(row?.count ?? 0);
    });
  }

  /** Some of the accounts that the filter counts, in no order. */
  ids(filter: UserFilter, limit: number): Promise<number[]> {
    return this.db.read(async (manager) => {
      const query = filtered(manager.createQueryBuilder(User, 'user'), filter).limit(limit);
      const rows = await query.select('user.id', 'id').getRawMany<{ id: number }>();
      return rows.map(({ id }) => id);
    });
  }

  page(filter: UserFilter, order: UserOrder, { offset, pageSize }: PageWindow): Promise<User[]> {
    return this.load(filter, (query) => {
      query.orderBy(`user.${SORT_COLUMNS[order.by]}`, order.direction);
      if (order.by !== 'id') query.addOrderBy('user.id', order.direction);
      return query.offset(offset).limit(pageSize);
    });
  }

  /** The next accounts after an id, in id order (keyset pagination): costs the same wherever it starts. */
  after(filter: UserFilter, afterId: number, limit: number): Promise<User[]> {
    return this.load(filter, (query) =>
      query.andWhere('user.id > :afterId', { afterId }).orderBy('user.id').limit(limit),
    );
  }

  /**
   * The ids come first, from an index alone; only the rows of the page are then read whole, so that a late page costs
   * little more than the first.
   */
  private load(filter: UserFilter, slice: (query: Query) => Query): Promise<User[]> {
    return this.db.read(async (manager) => {
      const query = slice(filtered(manager.createQueryBuilder(User, 'user'), filter));
      const rows = await query.select('user.id', 'id').getRawMany<{ id: number }>();
      const ids = rows.map(({ id }) => id);
      if (ids.length === 0) return [];
      const users = new Map((await manager.findBy(User, { id: In(ids) })).map((user) => [user.id, user]));
      return ids.flatMap((id) => users.get(id) ?? []);
    });
  }
}
