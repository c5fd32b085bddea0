import { Injectable } from '@nestjs/common';
import { LessThan, MoreThan } from 'typeorm';
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
    await this.db.run((manager) => manager.update(ConfirmationCode, { userId }, { salt, digest }));
  }

  /** Counts an attempt, before anything is compared. Null when the live code has none left, or there is none. */
  async countAttempt(userId: number, now: Date, maxAttempts: number): Promise<ConfirmationCode | null> {
    return this.db.run(async (manager) => {
      const { affected } = await manager.update(
        ConfirmationCode,
        { userId, attempts: LessThan(maxAttempts), expiresAt: MoreThan(now) },
        { attempts: () => 'attempts + 1' },
      );
      return affected === 1 ? manager.findOneBy(ConfirmationCode, { userId }) : null;
    });
  }

  /** Uses the code up; false when it has been used, replaced or has run out since it was read. */
  async use({ userId, digest }: ConfirmationCode, now: Date): Promise<boolean> {
    const { affected } = await this.db.run((manager) =>
      manager.delete(ConfirmationCode, { userId, digest, expiresAt: MoreThan(now) }),
    );
    return affected === 1;
  }

  async deleteOfUser(userId: number): Promise<void> {
    await this.db.run((manager) => manager.delete(ConfirmationCode, { userId }));
  }
}
