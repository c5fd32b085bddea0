import { Injectable } from '@nestjs/common';
import type { Actor } from '../shared/access/index.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { type CreateUserDto, type User, UsersService } from '../users/index.js';
import { type Origin, SessionsService } from './sessions.service.js';

/** Signing up: an account and, for whoever makes their own, the first session. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly db: UnitOfWork,
  ) {}

  /**
   * @param actor an administrator makes the account for somebody else, and gets no token
   * @throws RecordInvalid
   */
  async register(
    draft: CreateUserDto,
    actor: Actor | null,
    origin: Origin,
  ): Promise<{ user: User; token: string | null }> {
    const user = await this.users.build(draft, actor);
    return this.db.run(async () => {
      await this.users.add(user);
      if (actor?.isAdmin) return { user, token: null };
      const { token } = await this.sessions.start(user, origin);
      return { user, token };
    });
  }
}
