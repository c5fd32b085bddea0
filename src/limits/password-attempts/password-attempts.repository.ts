import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, LessThan } from 'typeorm';
import { DeleteExpired } from '../../shared/background/clean-up.js';
import { Settings } from '../../shared/config/settings.js';
import { UnitOfWork } from '../../shared/database/unit-of-work.js';
import { before, DAY } from '../../shared/lib/duration.js';
import { PasswordAttempts } from './password-attempts.entity.js';

/** A guesser gains nothing by waiting that long; a person who once mistyped an address is forgotten. */
const FAILURES_KEPT_FOR_MS = 90 * DAY;

/** Every statement on the table of password attempts. */
@Injectable()
export class PasswordAttemptsRepository {
  constructor(
    private readonly db: UnitOfWork,
    private readonly settings: Settings,
  ) {}

  find(addressDigest: string): Promise<PasswordAttempts | null> {
    return this.db.findOne(PasswordAttempts, { addressDigest });
  }

  /** Locked until the unit of work ends. */
  lock(addressDigest: string): Promise<PasswordAttempts | null> {
    return this.db.lockOne(PasswordAttempts, { addressDigest });
  }

  /** Makes sure that there is a row. To be called outside of a unit of work, so that the new row stays unlocked. */
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
    await this.db.update(PasswordAttempts, { id }, columns);
  }

  async delete(id: number): Promise<void> {
    await this.db.delete(PasswordAttempts, { id });
  }

  /** Rows without failures, a day after the last attempt. */
  @DeleteExpired(PasswordAttempts)
  withoutFailures(now: Date): FindOptionsWhere<PasswordAttempts> {
    return { attemptedAt: LessThan(before(now, DAY)), failures: 0 };
  }

  /** Old failures. An address that only a password reset unlocks stays until there is one. */
  @DeleteExpired(PasswordAttempts)
  oldFailures(now: Date): FindOptionsWhere<PasswordAttempts> {
    return {
      attemptedAt: LessThan(before(now, FAILURES_KEPT_FOR_MS)),
      failures: LessThan(this.settings.limits.passwordFailuresMax),
    };
  }
}
