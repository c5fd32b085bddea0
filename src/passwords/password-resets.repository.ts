import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, LessThanOrEqual, MoreThan } from 'typeorm';
import { DeleteExpired } from '../shared/background/clean-up.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { PendingReset } from './pending-reset.entity.js';

/** Every statement on the table of password resets. */
@Injectable()
export class PasswordResetsRepository {
  constructor(private readonly db: UnitOfWork) {}

  findLive(tokenDigest: string, now: Date): Promise<PendingReset | null> {
    return this.db.findOne(PendingReset, { tokenDigest, expiresAt: MoreThan(now) });
  }

  /** Puts the reset in the place of the account's former one. */
  async replace(reset: PendingReset): Promise<void> {
    const { user: _, ...columns } = reset;
    await this.db.run((manager) => manager.upsert(PendingReset, columns, ['userId']));
  }

  /** Uses the reset up; false when it has been used, replaced or has run out since it was read. */
  async use({ userId, tokenDigest }: PendingReset, now: Date): Promise<boolean> {
    const used = await this.db.delete(PendingReset, { userId, tokenDigest, expiresAt: MoreThan(now) });
    return used === 1;
  }

  async deleteOfUser(userId: number): Promise<void> {
    await this.db.delete(PendingReset, { userId });
  }

  /** Resets that were not finished in time. */
  @DeleteExpired(PendingReset)
  expired(now: Date): FindOptionsWhere<PendingReset> {
    return { expiresAt: LessThanOrEqual(now) };
  }
}
