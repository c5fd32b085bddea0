import { Injectable } from '@nestjs/common';
import type { Actor } from '../shared/access/index.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import type { Validated } from '../shared/validation/index.js';
import { type CreateUserDto, ProfilesService, type User, UsersService } from '../users/index.js';
import { type Origin, SessionsService } from './sessions.service.js';

/** Signing up: an account and, for whoever makes their own, the first session. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly usersService: UsersService,
    private readonly profilesService: ProfilesService,
    private readonly sessionsService: SessionsService,
    private readonly db: UnitOfWork,
  ) {}

  /**
   * @param actor an administrator makes the account for somebody else, and gets no token
   * @throws RecordInvalid
   */
  async register(
    body: Validated<CreateUserDto>,
    actor: Actor | null,
    origin: Origin,
  ): Promise<{ user: User; token: string | null }> {
    const user = await this.profilesService.build(body, actor);
    return this.db.run(async () => {
      await this.usersService.add(user);
      if (actor?.isAdmin) return { user, token: null };
      const { token } = await this.sessionsService.start(user, origin);
      return { user, token };
    });
  }
}
