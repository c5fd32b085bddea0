import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../shared/database/unit-of-work.js';
import { PasswordAttempts } from './password-attempts.entity.js';

/** Every statement on the table of password attempts. */
@Injectable()
export class PasswordAttemptsRepository {
  constructor(private readonly db: UnitOfWork) {}

  find(addressDigest: string): Promise<PasswordAttempts | null> {
    return this.db.read((manager) => manager.findOneBy(PasswordAttempts, { addressDigest }));
  }

  /** Locked until the unit of work ends. The embedded database has no row locks and needs none. */
  lock(addressDigest: string): Promise<PasswordAttempts | null> {
    return this.db.run((manager) => {
      const query = manager.createQueryBuilder(PasswordAttempts, 'attempts').where({ addressDigest });
      return (this.db.isEmbedded ? query : query.setLock('pessimistic_write')).getOne();
    });
  }

  /** Makes sure that there is a row. In a unit of work of its own: what is inserted here is locked by nobody. */
  async ensure(addressDigest: string, now: Date): Promise<void> {
    await this.db.run((manager) =>
      manager
        .createQueryBuilder()
        .insert()
        .into(PasswordAttempts)
        .values({ addressDigest, failures: 0, running: 0, pausedUntil: null, attemptedAt: now })
        .orIgnore()
        .updateEntity(false)
        .execute(),
    );
  }

  async save({ id, ...columns }: PasswordAttempts): Promise<void> {
    await this.db.run((manager) => manager.update(PasswordAttempts, { id }, columns));
  }

  async delete(id: number): Promise<void> {
    await this.db.run((manager) => manager.delete(PasswordAttempts, { id }));
  }
}
