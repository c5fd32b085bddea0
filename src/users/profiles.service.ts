import { Injectable } from '@nestjs/common';
import type { Actor } from '../shared/access/index.js';
import { RecordInvalid } from '../shared/errors/index.js';
import { Clock } from '../shared/lib/clock.js';
import { messages, type Validated } from '../shared/validation/index.js';
import { CurrentPasswordService } from './password/current-password.service.js';
import { PasswordHasher } from './password/password-hasher.js';
import { User } from './user.entity.js';
import { eventsOf } from './user.events.js';
import { UserRules } from './user-rules.js';
import type { CreateUserDto, UpdateUserDto } from './users.dto.js';
import { UsersService } from './users.service.js';

/** Creates and updates accounts from validated bodies. All errors are reported together. */
@Injectable()
export class ProfilesService {
  constructor(
    private readonly usersService: UsersService,
    private readonly userRules: UserRules,
    private readonly currentPasswordService: CurrentPasswordService,
    private readonly passwordHasher: PasswordHasher,
    private readonly clock: Clock,
  ) {}

  /**
   * Checks a sign-up and hashes its password. The caller stores the account with `UsersService.add`, in its own unit of
   * work.
   *
   * @throws RecordInvalid
   */
  async build({ values, errors }: Validated<CreateUserDto>, actor: Actor | null): Promise<User> {
    const { user, clinical, template, nativeSignup = false } = values;
    const { password, ...profile } = user;
    await this.userRules.check({ ...user, template }, null, actor, errors);
    errors.throwIfAny();
    const passwordDigest = await this.passwordHasher.hash(password);
    return User.signUp(
      { ...profile, passwordDigest, clinical, template },
      { nativeSignup, now: this.clock.now() },
    );
  }

  /**
   * Updates the attributes that were sent and that this actor may change.
   *
   * @throws NotFound, RecordInvalid, TooManyRequests for a current password during a pause
   */
  async update(id: number, { values, errors }: Validated<UpdateUserDto>, actor: Actor): Promise<User> {
    const before = await this.usersService.find(id);
    const { password, currentPassword, ...profile } = values.user ?? {};
    const template = actor.isAdmin ? values.template : undefined;
    await this.userRules.check({ ...profile, password, template }, before, actor, errors);
    if (actor.id === id) await this.currentPasswordService.check(values.user ?? {}, before, actor, errors);
    errors.throwIfAny();
    const passwordDigest = password === undefined ? undefined : await this.passwordHasher.hash(password);
    return this.usersService.modify(id, (user) => {
      // The current password was compared before the lock. If it has changed since, the comparison no longer counts.
      if (currentPassword && user.passwordDigest !== before.passwordDigest) {
        throw RecordInvalid.on('currentPassword', messages.INVALID);
      }
      return eventsOf(id, user.change({ ...profile, passwordDigest, clinical: values.clinical, template }));
    });
  }
}
