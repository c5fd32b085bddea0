import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, LessThanOrEqual } from 'typeorm';
import { DeleteExpired } from '../../shared/background/clean-up.js';
import { UnitOfWork } from '../../shared/database/unit-of-work.js';
import { Quota } from './quota.entity.js';

/** Every statement on the table of quotas. */
@Injectable()
export class QuotasRepository {
  constructor(private readonly db: UnitOfWork) {}

  /** The subject's row, made where there is none, locked until the unit of work ends. */
  async lock(subjectDigest: string, now: Date): Promise<Quota> {
    return this.db.run(async (manager) => {
      // One statement that inserts or locks. With a read first, two units that find no row would deadlock; an insert
      // that ignores an existing row takes a shared lock, which the next statement could not make exclusive.
      await manager
        .createQueryBuilder()
        .insert()
        .into(Quota)
        .values({ subjectDigest, uses: [], expiresAt: now })
        .orUpdate(['subject_digest'], ['subject_digest'])
        .updateEntity(false)
        .execute();
      return this.db
        .locked(manager.createQueryBuilder(Quota, 'quota').where({ subjectDigest }))
        .getOneOrFail();
    });
  }

  async save({ subjectDigest, uses, expiresAt }: Quota): Promise<void> {
    await this.db.update(Quota, { subjectDigest }, { uses, expiresAt });
  }

  async delete(subjectDigest: string): Promise<void> {
    await this.db.delete(Quota, { subjectDigest });
  }

  /** Quotas of which no use counts any more. */
  @DeleteExpired(Quota)
  expired(now: Date): FindOptionsWhere<Quota> {
    return { expiresAt: LessThanOrEqual(now) };
  }
}
