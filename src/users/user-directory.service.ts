import { Injectable } from '@nestjs/common';
import { type Actor, visibleTo } from '../shared/access/index.js';
import { AccessLog } from '../shared/events/access-log.js';
import { PageMeta, PageWindow } from '../shared/http/paging.dto.js';
import type { User } from './user.entity.js';
import type { UserListMeta } from './user.resource.js';
import type { ListUsersQuery } from './users.dto.js';
import { type UserFilter, UserListRepository } from './user-list.repository.js';

export interface UserList {
  readonly users: User[];
  readonly meta: UserListMeta;
  /** The key of the next page, with keyset pagination; null where there is none. */
  readonly nextAfterId: number | null;
}

/** Lists accounts and searches them. */
@Injectable()
export class UserDirectoryService {
  constructor(
    private readonly userListRepository: UserListRepository,
    private readonly accessLog: AccessLog,
  ) {}

  /**
   * What the actor may see under the query's filters, by page or by key. The audit log records
   * whose records were shown.
   */
  async list(query: ListUsersQuery, actor: Actor): Promise<UserList> {
    const filter: UserFilter = { ...query, visibility: visibleTo(actor) };
    const list = await (query.afterId === undefined
      ? this.page(query, filter)
      : this.pageAfter(query, query.afterId, filter));
    await this.accessLog.listed(list.users.map(({ id }) => id));
    return list;
  }

  private async page(query: ListUsersQuery, filter: UserFilter): Promise<UserList> {
    const window = new PageWindow(query);
    const totalCount = await this.userListRepository.count(filter);
    const order = { by: query.sortBy ?? 'id', direction: query.sortDir ?? 'ASC' } as const;
    const users = window.offset < totalCount ? await this.userListRepository.page(filter, order, window) : [];
    return { users, meta: PageMeta.of(window, totalCount), nextAfterId: null };
  }

  private async pageAfter(query: ListUsersQuery, afterId: number, filter: UserFilter): Promise<UserList> {
    const { pageSize } = new PageWindow(query);
    const found = await this.userListRepository.after(filter, afterId, pageSize + 1);
    const users = found.slice(0, pageSize);
    const { page: _, ...meta } = PageMeta.of(
      new PageWindow(query),
      await this.userListRepository.count(filter),
    );
    return { users, meta, nextAfterId: found.length > pageSize ? (users.at(-1)?.id ?? null) : null };
  }
}
