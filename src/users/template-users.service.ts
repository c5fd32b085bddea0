import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

/** Accounts deleted in one transaction: enough to be fast, few enough to keep locks short. */
const BATCH_SIZE = 100;

/** Template users: the accounts of tests and development. */
@Injectable()
export class TemplateUsersService {
  constructor(
    private readonly usersService: UsersService,
    private readonly usersRepository: UsersRepository,
    private readonly db: UnitOfWork,
  ) {}

  /**
   * Deletes all template users in the same way as an administrator deletes one account.
   *
   * @returns the number of deleted accounts
   */
  async purge(): Promise<number> {
    let purged = 0;
    for (let lastId = 0; ;) {
      const ids = await this.usersRepository.templateIdsAfter(lastId, BATCH_SIZE);
      const last = ids.at(-1);
      if (last === undefined) return purged;
      purged += await this.db.run(() => this.purgeBatch(ids));
      lastId = last;
    }
  }

  /** Skips accounts that have been deleted or have become real users since they were listed. */
  private async purgeBatch(ids: number[]): Promise<number> {
    const locked = await this.usersRepository.lockTemplates(ids);
    for (const id of locked) await this.usersService.delete(id);
    return locked.length;
  }
}
