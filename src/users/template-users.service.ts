import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

/** So many accounts go in one transaction: enough to be quick, few enough to hold nobody up. */
const BATCH_SIZE = 100;

/** The accounts of tests and development. */
@Injectable()
export class TemplateUsersService {
  constructor(
    private readonly usersService: UsersService,
    private readonly usersRepository: UsersRepository,
    private readonly db: UnitOfWork,
  ) {}

  /**
   * Deletes every template user, each as an administrator would.
   *
   * @returns how many there were
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

  /** One that is a real user by now, or gone, is left alone. */
  private async purgeBatch(ids: number[]): Promise<number> {
    const locked = await this.usersRepository.lockTemplates(ids);
    for (const id of locked) await this.usersService.delete(id);
    return locked.length;
  }
}
