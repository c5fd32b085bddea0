import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, LessThanOrEqual, MoreThan } from 'typeorm';
import { DeleteExpired } from '../shared/background/clean-up.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { PendingPasswordReset } from './pending-password-reset.entity.js';

/** Every statement on the table of password resets. */
@Injectable()
export class PasswordResetsRepository {
  constructor(private readonly db: UnitOfWork) {}

  findLive(tokenDigest: string, now: Date): Promise<PendingPasswordReset | null> {
    return this.db.findOne(PendingPasswordReset, { tokenDigest, expiresAt: MoreThan(now) });
  }

  /** Puts the reset in the place of the account's former one. */
  async replace(reset: PendingPasswordReset): Promise<void> {
    const { user: _, ...columns } = reset;
    await this.db.run((manager) => manager.upsert(PendingPasswordReset, columns, ['userId']));
  }

  /** Uses the reset up; false when it has been used, replaced or has run out since it was read. */
  async use({ userId, tokenDigest }: PendingPasswordReset, now: Date): Promise<boolean> {
    const used = await this.db.delete(PendingPasswordReset, {
      userId,
      tokenDigest,
      expiresAt: MoreThan(now),
    });
    return used === 1;
  }

  async deleteOfUser(userId: number): Promise<void> {
    await this.db.delete(PendingPasswordReset, { userId });
  }

  /** Resets that were not finished in time. */
  @DeleteExpired(PendingPasswordReset)
  expired(now: Date): FindOptionsWhere<PendingPasswordReset> {
    return { expiresAt: LessThanOrEqual(now) };
  }
}
