import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { UnitOfWork } from '../../shared/database/unit-of-work.js';
import type { User } from '../user.entity.js';
import { searchTermsOf } from './search-terms.js';
import { UserSearchTerm } from './user-search-term.entity.js';

/** Keeps the terms of accounts as the accounts are. */
@Injectable()
export class SearchTermsRepository {
  constructor(private readonly db: UnitOfWork) {}

  /** Call it in the unit of work that writes the account. */
  async write(user: User): Promise<void> {
    const userId = user.id;
    const terms = searchTermsOf(user);
    await this.db.run(async (manager) => {
      const stored = await manager.find(UserSearchTerm, { where: { userId }, select: { term: true } });
      const gone = stored.map(({ term }) => term).filter((term) => !terms.has(term));
      for (const { term } of stored) terms.delete(term);
      if (gone.length > 0) await manager.delete(UserSearchTerm, { userId, term: In(gone) });
      if (terms.size > 0)
        await manager.insert(
          UserSearchTerm,
          [...terms].map((term) => ({ term, userId })),
        );
    });
  }
}
