import { Injectable } from '@nestjs/common';
import { currentClient, RequestLimits } from '../limits/index.js';
import type { Actor } from '../shared/access/index.js';
import { NotAuthenticated, RecordInvalid, ValidationErrors } from '../shared/errors/index.js';
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
    private readonly requestLimits: RequestLimits,
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
    const proposed = { ...profile, password, template };
    await this.limitEmailAnswers(proposed.email, before, actor, errors);
    await this.userRules.check(proposed, before, actor, errors);
    if (actor.id === id) await this.currentPasswordService.check(values.user ?? {}, before, actor, errors);
    errors.throwIfAny();
    const passwordDigest = password === undefined ? undefined : await this.passwordHasher.hash(password);
    return this.usersService.modify(id, (user) => {
      // The account was cancelled since the token was checked: its owner is signed out.
      if (actor.id === id && !user.active) throw new NotAuthenticated();
      // The current password was compared before the lock. If it has changed since, the comparison no longer counts.
      if (currentPassword && user.passwordDigest !== before.passwordDigest) {
        throw RecordInvalid.on('currentPassword', messages.INVALID);
      }
      const found = new ValidationErrors();
      this.userRules.checkAgainst(proposed, user, actor, found);
      found.throwIfAny();
      return eventsOf(id, user.change({ ...profile, passwordDigest, clinical: values.clinical, template }));
    });
  }

  /**
   * The answer to a new address tells whether it is taken, as `email_has_account` does: it counts there, for the client
   * and for the user. Administrators see all addresses anyway.
   *
   * @throws TooManyRequests
   */
  private async limitEmailAnswers(
    email: string | undefined,
    before: User,
    actor: Actor,
    errors: ValidationErrors,
  ): Promise<void> {
    if (email === undefined || email === before.email || errors.has('email') || actor.isAdmin) return;
    const client = currentClient();
    if (client !== null) await this.requestLimits.consume('emailChecksPerIp', client);
    await this.requestLimits.consume('emailChecksPerIp', `user ${actor.id}`);
  }
}
