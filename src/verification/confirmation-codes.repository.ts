import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, LessThan, LessThanOrEqual, MoreThan } from 'typeorm';
import { DeleteExpired } from '../shared/background/clean-up.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import type { HashedCode } from './confirmation-code-hasher.js';
import { ConfirmationCode } from './confirmation-code.entity.js';

/** Every statement on the table of confirmation codes. */
@Injectable()
export class ConfirmationCodesRepository {
  constructor(private readonly db: UnitOfWork) {}

  /** Puts the code in the place of the account's former one. */
  async replace(code: ConfirmationCode): Promise<void> {
    const { user: _, ...columns } = code;
    await this.db.run((manager) => manager.upsert(ConfirmationCode, columns, ['userId']));
  }

  async rewrite(userId: number, { salt, digest }: HashedCode): Promise<void> {
    await this.db.update(ConfirmationCode, { userId }, { salt, digest });
  }

  /** Counts an attempt, before anything is compared. Null when the live code has none left, or there is none. */
  async countAttempt(userId: number, now: Date, maxAttempts: number): Promise<ConfirmationCode | null> {
    return this.db.run(async () => {
      const counted = await this.db.update(
        ConfirmationCode,
        { userId, attempts: LessThan(maxAttempts), expiresAt: MoreThan(now) },
        { attempts: () => 'attempts + 1' },
      );
      return counted === 1 ? this.db.findOne(ConfirmationCode, { userId }) : null;
    });
  }

  /** Uses the code up; false when it has been used, replaced or has run out since it was read. */
  async use({ userId, digest }: ConfirmationCode, now: Date): Promise<boolean> {
    const used = await this.db.delete(ConfirmationCode, { userId, digest, expiresAt: MoreThan(now) });
    return used === 1;
  }

  async deleteOfUser(userId: number): Promise<void> {
    await this.db.delete(ConfirmationCode, { userId });
  }

  /** Codes that were not entered in time. */
  @DeleteExpired(ConfirmationCode)
  expired(now: Date): FindOptionsWhere<ConfirmationCode> {
    return { expiresAt: LessThanOrEqual(now) };
  }
}
