import { Injectable } from '@nestjs/common';
import { type Actor, visibleTo } from '../shared/access/index.js';
import { AccessLog } from '../shared/events/access-log.js';
import { PageMeta, PageWindow } from '../shared/http/paging.dto.js';
import type { User } from './user.entity.js';
import type { UserListMeta } from './user.resource.js';
import type { ListUsersQuery } from './users.dto.js';
import { narrowing, seesNobodyElse, type UserFilter } from './user-filter.js';
import { UserListRepository } from './user-list.repository.js';

export interface UserList {
  readonly users: User[];
  readonly meta: UserListMeta;
  /** The key of the next page in keyset pagination; null if there is none. */
  readonly nextAfterId: number | null;
}

/** An event names those whom a search counts, if they are no more than this. */
const MAX_NAMED = 200;

/** Lists accounts and searches them. */
@Injectable()
export class UserDirectoryService {
  constructor(
    private readonly userListRepository: UserListRepository,
    private readonly accessLog: AccessLog,
  ) {}

  /**
   * Lists the accounts that match the query and that the actor may see. The audit log records which ones were shown.
   */
  async list(query: ListUsersQuery, actor: Actor): Promise<UserList> {
    const filter: UserFilter = { ...query, visibility: visibleTo(actor) };
    const list = await (query.afterId === undefined
      ? this.page(query, filter)
      : this.pageAfter(query, query.afterId, filter));
    await this.record(list, filter, actor);
    return list;
  }

  /** By a search or a filter one learns something of all whom it counts, whatever page is shown, and even of none. */
  private async record({ users, meta }: UserList, filter: UserFilter, actor: Actor): Promise<void> {
    const shown = users.map(({ id }) => id);
    const narrowedBy = narrowing(filter);
    if (narrowedBy === null || seesNobodyElse(filter)) return this.accessLog.listed(shown);
    // One more than can be named, and the actor.
    const counted = await this.userListRepository.ids(filter, MAX_NAMED + 2);
    const others = counted.filter((id) => id !== actor.id);
    const areNamed = others.length > 0 && others.length <= MAX_NAMED;
    return this.accessLog.searched(
      areNamed ? [...new Set([...others, ...shown])] : shown,
      areNamed ? null : { count: others.length === 0 ? 0 : meta.totalCount, narrowedBy },
    );
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
