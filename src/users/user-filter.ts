import type { SelectQueryBuilder } from 'typeorm';
import type { Role, Visibility } from '../shared/access/index.js';
import { foldedWords } from '../shared/lib/folding.js';
import { readSearch } from './search/search-conditions.js';
import { SearchSql } from './search/search-sql.js';
import type { User } from './user.entity.js';

const FLAGS = ['active', 'confirmed', 'clinical', 'template'] as const;

export interface UserFilter extends Readonly<Partial<Record<(typeof FLAGS)[number], boolean | undefined>>> {
  readonly visibility: Visibility;
  readonly search?: string | undefined;
  readonly role?: Role | undefined;
}

type Query = SelectQueryBuilder<User>;

/** Adds the filter's conditions to a query for `user`. */
export function filtered(query: Query, filter: UserFilter): Query {
  const { visibility, search, role } = filter;
  if (visibility !== 'all') {
    const condition = visibility.parents ? "(user.role = 'parent' OR user.id = :self)" : 'user.id = :self';
    query.andWhere(condition, { self: visibility.self });
  }
  if (role) query.andWhere('user.role = :role', { role });
  for (const flag of FLAGS) {
    if (filter[flag] !== undefined) query.andWhere(`user.${flag} = :${flag}`, { [flag]: filter[flag] });
  }
  return search ? matching(query, search) : query;
}

/** What the list is narrowed by beyond what the actor may see, the same for searches that mean the same; else null. */
export function narrowing(filter: UserFilter): string | null {
  const values = [
    filter.search ? foldedWords(filter.search) : null,
    filter.role || null,
    ...FLAGS.map((flag) => filter[flag] ?? null),
  ];
  return values.every((value) => value === null) ? null : JSON.stringify(values);
}

export function seesNobodyElse({ visibility }: UserFilter): boolean {
  return visibility !== 'all' && !visibility.parents;
}

function matching(query: Query, search: string): Query {
  const conditions = readSearch(search);
  if (conditions === null) return query.andWhere('1 = 0');
  const { where, parameters } = new SearchSql(conditions);
  return query.andWhere(where, parameters);
}
