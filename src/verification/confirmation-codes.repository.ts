import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, LessThan, LessThanOrEqual, MoreThan } from 'typeorm';
import { DeleteExpired } from '../shared/background/clean-up.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import type { HashedCode } from './confirmation-code-hasher.js';
import { ConfirmationCode } from './confirmation-code.entity.js';

/** Which code is meant. */
export type ConfirmationCodeKey = Pick<ConfirmationCode, 'userId' | 'destinationDigest'>;

/** Every statement on the table of confirmation codes. */
@Injectable()
export class ConfirmationCodesRepository {
  constructor(private readonly db: UnitOfWork) {}

  /** Stores the code; it replaces the account's previous one to the same destination. */
  async replace(code: ConfirmationCode): Promise<void> {
    const { user: _, ...columns } = code;
    await this.db.run((manager) =>
      manager.upsert(ConfirmationCode, columns, ['userId', 'destinationDigest']),
    );
  }

  async rewrite(userId: number, { salt, digest }: HashedCode): Promise<void> {
    await this.db.update(ConfirmationCode, { userId }, { salt, digest });
  }

  /** Counts an attempt before the codes are compared. Null if there is no live code, or it has no attempts left. */
  async countAttempt(
    key: ConfirmationCodeKey,
    now: Date,
    maxAttempts: number,
  ): Promise<ConfirmationCode | null> {
    return this.db.run(async () => {
      const counted = await this.db.update(
        ConfirmationCode,
        { ...key, attempts: LessThan(maxAttempts), expiresAt: MoreThan(now) },
        { attempts: () => 'attempts + 1' },
      );
      return counted === 1 ? this.db.findOne(ConfirmationCode, { ...key }) : null;
    });
  }

  /** @returns false if the code was used or replaced, or has expired, since it was read */
  async use({ userId, destinationDigest, digest }: ConfirmationCode, now: Date): Promise<boolean> {
    const used = await this.db.delete(ConfirmationCode, {
      userId,
      destinationDigest,
      digest,
      expiresAt: MoreThan(now),
    });
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
