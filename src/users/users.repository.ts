import { Injectable } from '@nestjs/common';
import { In, MoreThan, type SelectQueryBuilder } from 'typeorm';
import type { Role, Visibility } from '../shared/access/index.js';
import { violatedUniqueIndex } from '../shared/database/database-errors.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { NotFound, RecordInvalid } from '../shared/errors/index.js';
import type { PageWindow } from '../shared/http/paging.dto.js';
import { folded, messages } from '../shared/validation/index.js';
import { User } from './user.entity.js';

export const SORT_COLUMNS = {
  id: 'id',
  email: 'email',
  last_name: 'lastNameKey',
  created_at: 'createdAt',
  updated_at: 'updatedAt',
} as const;

export interface UserFilter {
  readonly visibility: Visibility;
  readonly search?: string | undefined;
  readonly role?: Role | undefined;
  readonly active?: boolean | undefined;
  readonly confirmed?: boolean | undefined;
  readonly clinical?: boolean | undefined;
  readonly template?: boolean | undefined;
}

export interface UserOrder {
  readonly by: keyof typeof SORT_COLUMNS;
  readonly direction: 'ASC' | 'DESC';
}

const FLAGS = ['active', 'confirmed', 'clinical', 'template'] as const;

/** Every statement on the table of accounts. */
@Injectable()
export class UsersRepository {
  constructor(private readonly db: UnitOfWork) {}

  find(id: number): Promise<User | null> {
    return this.db.read((manager) => manager.findOneBy(User, { id }));
  }

  findByEmail(email: string): Promise<User | null> {
    return this.db.read((manager) => manager.findOneBy(User, { email }));
  }

  async isEmailTaken(email: string): Promise<boolean> {
    return this.db.read((manager) => manager.existsBy(User, { email }));
  }

  async roleOf(id: number): Promise<Role | null> {
    const user = await this.db.read((manager) =>
      manager.findOne(User, { where: { id }, select: { id: true, role: true } }),
    );
    return user?.role ?? null;
  }

  /**
   * The account, locked until the unit of work ends: what is decided on its values stays true.
   *
   * @throws NotFound
   */
  async lock(id: number): Promise<User> {
    const user = await this.db.run((manager) =>
      this.locking(manager.createQueryBuilder(User, 'user')).where({ id }).getOne(),
    );
    if (!user) throw new NotFound();
    return user;
  }

  /** The ids of all active administrators, locked: who removes one of two can't race with who removes the other. */
  async lockActiveAdmins(): Promise<number[]> {
    const admins = await this.db.run((manager) =>
      this.locking(manager.createQueryBuilder(User, 'user'))
        .select('user.id')
        .where({ role: 'admin', active: true })
        .orderBy('user.id')
        .getMany(),
    );
    return admins.map(({ id }) => id);
  }

  async hasActiveAdmin(): Promise<boolean> {
    return this.db.read((manager) => manager.existsBy(User, { role: 'admin', active: true }));
  }

  /** The ids of the next template users after an id, in id order. */
  async templateIdsAfter(afterId: number, limit: number): Promise<number[]> {
    const found = await this.db.read((manager) =>
      manager.find(User, {
        select: { id: true },
        where: { template: true, id: MoreThan(afterId) },
        order: { id: 'ASC' },
        take: limit,
      }),
    );
    return found.map(({ id }) => id);
  }

  /** Which of these accounts are template users, locked. */
  async lockTemplates(ids: number[]): Promise<number[]> {
    const found = await this.db.run((manager) =>
      this.locking(manager.createQueryBuilder(User, 'user'))
        .select('user.id')
        .where({ id: In(ids), template: true })
        .orderBy('user.id')
        .getMany(),
    );
    return found.map(({ id }) => id);
  }

  /** @throws RecordInvalid when somebody else was faster with the address */
  async insert(user: User): Promise<void> {
    await this.db.run(async (manager) => {
      const { id: _, ...columns } = user;
      const { identifiers } = await manager.insert(User, columns).catch(refuseTakenEmail);
      user.id = (identifiers[0] as { id: number }).id;
    });
  }

  /** @throws RecordInvalid when somebody else was faster with the address */
  async save({ id, ...columns }: User): Promise<void> {
    await this.db.run((manager) => manager.update(User, { id }, columns).catch(refuseTakenEmail));
  }

  /**
   * Notes a sign-in, if the account is still what the password was compared with: a password that was changed, or an
   * account that was cancelled, in the meantime signs nobody in.
   */
  async noteSignIn(user: User, now: Date): Promise<boolean> {
    const { affected } = await this.db.run((manager) =>
      manager.update(
        User,
        { id: user.id, passwordDigest: user.passwordDigest, active: true },
        { lastSignInAt: now },
      ),
    );
    return affected === 1;
  }

  /** Puts a digest of today's settings in the place of an older one of the same password. */
  async renewDigest(user: User, passwordDigest: string): Promise<void> {
    await this.db.run((manager) =>
      manager.update(User, { id: user.id, passwordDigest: user.passwordDigest }, { passwordDigest }),
    );
  }

  async delete(id: number): Promise<void> {
    await this.db.run((manager) => manager.delete(User, { id }));
  }

  count(filter: UserFilter): Promise<number> {
    return this.db.read(async (manager) => {
      const query = this.filtered(manager.createQueryBuilder(User, 'user'), filter);
      const row = await query.select('COUNT(*)', 'count').getRawOne<{ count: string | number }>();
      return Number(row?.count ?? 0);
    });
  }

  /**
   * One page. The ids come first, from an index alone; only the rows of the page are then read whole, so that a late
   * page costs little more than the first.
   */
  page(filter: UserFilter, order: UserOrder, { offset, pageSize }: PageWindow): Promise<User[]> {
    return this.load(filter, (query) => {
      query.orderBy(`user.${SORT_COLUMNS[order.by]}`, order.direction);
      if (order.by !== 'id') query.addOrderBy('user.id', order.direction);
      return query.offset(offset).limit(pageSize);
    });
  }

  /** The next accounts after an id, in id order: costs the same wherever it starts. */
  after(filter: UserFilter, afterId: number, limit: number): Promise<User[]> {
    return this.load(filter, (query) =>
      query.andWhere('user.id > :afterId', { afterId }).orderBy('user.id').limit(limit),
    );
  }

  private load(
    filter: UserFilter,
    slice: (query: SelectQueryBuilder<User>) => SelectQueryBuilder<User>,
  ): Promise<User[]> {
    return this.db.read(async (manager) => {
      const query = slice(this.filtered(manager.createQueryBuilder(User, 'user'), filter));
      const rows = await query.select('user.id', 'id').getRawMany<{ id: number }>();
      const ids = rows.map(({ id }) => id);
      if (ids.length === 0) return [];
      const users = new Map((await manager.findBy(User, { id: In(ids) })).map((user) => [user.id, user]));
      return ids.flatMap((id) => users.get(id) ?? []);
    });
  }

  private filtered(query: SelectQueryBuilder<User>, filter: UserFilter): SelectQueryBuilder<User> {
    const { visibility, search, role } = filter;
    if (visibility !== 'all') {
      const condition = visibility.parents ? "(user.role = 'parent' OR user.id = :self)" : 'user.id = :self';
      query.andWhere(condition, { self: visibility.self });
    }
    if (role) query.andWhere('user.role = :role', { role });
    for (const flag of FLAGS) {
      if (filter[flag] !== undefined) query.andWhere(`user.${flag} = :${flag}`, { [flag]: filter[flag] });
    }
    if (search) searchFor(query, search);
    return query;
  }

  /** The embedded database has no row locks and needs none: one unit of work runs at a time. */
  private locking<T extends object>(query: SelectQueryBuilder<T>): SelectQueryBuilder<T> {
    return this.db.isEmbedded ? query : query.setLock('pessimistic_write');
  }
}

/** The beginning of the e-mail address, the first or last name, or the phone digits, whatever the case. */
function searchFor(query: SelectQueryBuilder<User>, search: string): void {
  const name = folded(search);
  const digits = search.replace(/\D/g, '');
  const terms = ['user.firstNameKey', 'user.lastNameKey'].map((column) => `${column} LIKE :name ESCAPE '!'`);
  const parameters: Record<string, string> = { name: startsWith(name) };
  // oxlint-disable-next-line no-control-regex -- ASCII is what is meant; the column holds nothing else
  if (/^[\x00-\x7f]*$/.test(search)) {
    terms.push("user.email LIKE :email ESCAPE '!'");
    parameters['email'] = startsWith(search.toLowerCase());
  }
  if (digits !== '' && /^[+\d\s().\-/]+$/.test(search)) {
    terms.push('user.phoneE164 LIKE :phone');
    parameters['phone'] = `+${digits}%`;
  }
  query.andWhere(`(${terms.join(' OR ')})`, parameters);
}

function startsWith(text: string): string {
  return `${text.replace(/[!%_]/g, '!$&')}%`;
}

function refuseTakenEmail(error: unknown): never {
  if (violatedUniqueIndex(error) === 'users_email_unique') throw RecordInvalid.on('email', messages.TAKEN);
  throw error;
}
