import { Injectable } from '@nestjs/common';
import { In, MoreThan } from 'typeorm';
import type { Role } from '../shared/access/index.js';
import { violatedUniqueIndex } from '../shared/database/database-errors.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { NotFound, RecordInvalid } from '../shared/errors/index.js';
import { messages } from '../shared/validation/index.js';
import { SearchTermsRepository } from './search/search-terms.repository.js';
import { User } from './user.entity.js';

/** The statements on single accounts; lists are in UserListRepository. */
@Injectable()
export class UsersRepository {
  constructor(
    private readonly searchTermsRepository: SearchTermsRepository,
    private readonly db: UnitOfWork,
  ) {}

  find(id: number): Promise<User | null> {
    return this.db.findOne(User, { id });
  }

  findByEmail(email: string): Promise<User | null> {
    return this.db.findOne(User, { email });
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
   * Finds an account and locks it until the unit of work ends, so that decisions about its values stay true.
   *
   * @throws NotFound
   */
  async lock(id: number): Promise<User> {
    const user = await this.db.lockOne(User, { id });
    if (!user) throw new NotFound();
    return user;
  }

  /** Locks all active administrators, so that two concurrent requests can't remove the last two of them. */
  async lockActiveAdmins(): Promise<number[]> {
    const admins = await this.db.run((manager) =>
      this.db
        .locked(manager.createQueryBuilder(User, 'user'))
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
      this.db
        .locked(manager.createQueryBuilder(User, 'user'))
        .select('user.id')
        .where({ id: In(ids), template: true })
        .orderBy('user.id')
        .getMany(),
    );
    return found.map(({ id }) => id);
  }

  /** @throws RecordInvalid when the address has been taken since it was checked */
  async insert(user: User): Promise<void> {
    await this.db.run(async () => {
      await this.db.insert(User, user).catch(refuseTakenEmail);
      await this.searchTermsRepository.write(user);
    });
  }

  /** @throws RecordInvalid when the address has been taken since it was checked */
  async save(user: User): Promise<void> {
    const { id, ...columns } = user;
    await this.db.run(async () => {
      await this.db.update(User, { id }, columns).catch(refuseTakenEmail);
      await this.searchTermsRepository.write(user);
    });
  }

  /**
   * Records a sign-in, if the account is still the one that the password was compared with. It is not when the password
   * was changed or the account cancelled in the meantime.
   *
   * @returns whether the sign-in counts
   */
  async recordSignIn(user: User, now: Date): Promise<boolean> {
    const changed = await this.db.update(
      User,
      { id: user.id, passwordDigest: user.passwordDigest, active: true },
      { lastSignInAt: now },
    );
    return changed === 1;
  }

  /** Replaces the digest of a password by one of the same password, made with today's settings. */
  async renewDigest(user: User, passwordDigest: string): Promise<void> {
    await this.db.update(User, { id: user.id, passwordDigest: user.passwordDigest }, { passwordDigest });
  }

  async delete(id: number): Promise<void> {
    await this.db.delete(User, { id });
  }
}

function refuseTakenEmail(error: unknown): never {
  if (violatedUniqueIndex(error) === 'users_email_unique') throw RecordInvalid.on('email', messages.TAKEN);
  throw error;
}
