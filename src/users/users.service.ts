import { Injectable } from '@nestjs/common';
import { PasswordLimit } from '../limits/index.js';
import type { Actor, Role } from '../shared/access/index.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { NotFound, RecordInvalid, type ValidationErrors } from '../shared/errors/index.js';
import { AccessLog } from '../shared/events/access-log.js';
import { DomainEvents } from '../shared/events/domain-events.js';
import { Clock } from '../shared/lib/clock.js';
import { messages } from '../shared/validation/index.js';
import { normalizePassword } from './password/password-policy.js';
import { PasswordHasher } from './password/password-hasher.js';
import { User, type UserAttributes } from './user.entity.js';
import {
  ClinicalApprovalGranted,
  ClinicalApprovalWithdrawn,
  ConfirmationWithdrawn,
  EmailChanged,
  PasswordChanged,
  PasswordReset,
  RoleChanged,
  UserCancelled,
  UserConfirmed,
  UserCreated,
  UserDeleted,
  UserReactivated,
  UserUpdated,
} from './user.events.js';
import { UserRules } from './user-rules.js';
import type { CreateUserDto, UpdateUserDto } from './users.dto.js';
import { UsersRepository } from './users.repository.js';

const DEFAULT_LANGUAGE = 'en';

/** The life of an account, from sign-up to deletion. */
@Injectable()
export class UsersService {
  constructor(
    private readonly users: UsersRepository,
    private readonly rules: UserRules,
    private readonly hasher: PasswordHasher,
    private readonly passwordLimit: PasswordLimit,
    private readonly events: DomainEvents,
    private readonly accessLog: AccessLog,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** @throws NotFound */
  async find(id: number): Promise<User> {
    const user = await this.users.find(id);
    if (!user) throw new NotFound();
    return user;
  }

  /**
   * The account, for somebody who asked to see it: noted if it is not their own.
   *
   * @throws NotFound
   */
  async show(id: number): Promise<User> {
    const user = await this.find(id);
    await this.accessLog.read(id);
    return user;
  }

  hasAccount(email: string): Promise<boolean> {
    return this.users.isEmailTaken(email);
  }

  /**
   * Checks a sign-up and hashes its password. Nothing is stored: `add` does that, in the caller's unit of work.
   *
   * @throws RecordInvalid with everything that is wrong at once
   */
  async build(draft: CreateUserDto, actor: Actor | null): Promise<User> {
    const values = { ...draft.user, template: draft.template };
    await this.rules.check(values, null, actor, draft.errors);
    draft.errors.throwIfAny();
    return User.signUp(
      {
        email: values.email,
        passwordDigest: await this.hasher.hash(values.password),
        firstName: values.firstName,
        lastName: values.lastName,
        phone: values.phone ?? null,
        dateOfBirth: values.dateOfBirth ?? null,
        language: values.language ?? DEFAULT_LANGUAGE,
        clinical: draft.clinical ?? false,
        template: draft.template ?? false,
      },
      { nativeSignup: draft.nativeSignup ?? false, now: this.clock.now() },
    );
  }

  /** @throws RecordInvalid when the address has been taken since it was checked */
  async add(user: User): Promise<void> {
    await this.db.run(async () => {
      await this.users.insert(user);
      await this.events.publish(new UserCreated(user.id));
    });
  }

  /**
   * Changes what was sent and may be changed by this actor.
   *
   * @throws NotFound, RecordInvalid, TooManyRequests for a current password in a pause
   */
  async update(id: number, draft: UpdateUserDto, actor: Actor): Promise<User> {
    const { errors } = draft;
    const before = await this.find(id);
    const { password, currentPassword, ...values } = draft.user ?? {};
    const template = actor.isAdmin ? draft.template : undefined;
    await this.rules.check({ ...values, password, template }, before, actor, errors);
    if (actor.id === id) await this.checkCurrentPassword(draft, before, actor, errors);
    errors.throwIfAny();
    const attributes: Partial<UserAttributes> = {
      ...values,
      ...(values.language === null ? { language: DEFAULT_LANGUAGE } : {}),
      ...(password === undefined ? {} : { passwordDigest: await this.hasher.hash(password) }),
      ...(draft.clinical === undefined ? {} : { clinical: draft.clinical }),
      ...(template === undefined ? {} : { template }),
    } as Partial<UserAttributes>;
    return this.modify(id, async (user) => {
      // The current password was compared before this lock: should it have changed meanwhile, it was the wrong one.
      if (currentPassword && user.passwordDigest !== before.passwordDigest) {
        throw RecordInvalid.on('currentPassword', messages.INVALID);
      }
      return this.change(user, attributes);
    });
  }

  /**
   * Puts the password in place that somebody chose with the link of a reset.
   *
   * @throws NotFound
   */
  resetPassword(id: number, passwordDigest: string): Promise<User> {
    return this.modify(id, async (user) => [...this.change(user, { passwordDigest }), new PasswordReset(id)]);
  }

  /** Repeating it changes nothing. */
  cancel(id: number): Promise<User> {
    return this.modify(id, async (user, now) => {
      if (!user.active) return [];
      await this.keepAnAdmin(user);
      user.cancel(now);
      return [new UserCancelled(id)];
    });
  }

  reactivate(id: number): Promise<User> {
    return this.modify(id, async (user) => {
      if (user.active) return [];
      user.reactivate();
      return [new UserReactivated(id)];
    });
  }

  changeRole(id: number, role: Role): Promise<User> {
    return this.modify(id, async (user) => {
      if (user.role === role) return [];
      if (role === 'admin' && user.template) throw RecordInvalid.on('base', messages.NOT_ALLOWED);
      if (role !== 'admin') await this.keepAnAdmin(user);
      user.role = role;
      return [new RoleChanged(id, role)];
    });
  }

  /** Grants or withdraws what approved clinical users may do. */
  approveClinical(id: number, approved: boolean): Promise<User> {
    return this.modify(id, async (user) => {
      if (approved && !(user.confirmed && user.active && user.clinical && !user.template)) {
        throw RecordInvalid.on('base', messages.NOT_ALLOWED);
      }
      if (user.clinicalApproved === approved) return [];
      user.clinicalApproved = approved;
      return approved ? [new ClinicalApprovalGranted(id)] : [];
    });
  }

  /** The person has shown that the channel is theirs. */
  confirm(id: number): Promise<User> {
    return this.modify(id, async (user, now) => {
      if (user.confirmed) return [];
      user.confirm(now);
      return [new UserConfirmed(id)];
    });
  }

  /** Removes the account and, by the foreign keys, every row about it. */
  async delete(id: number): Promise<void> {
    await this.db.run(async () => {
      const user = await this.users.lock(id);
      await this.keepAnAdmin(user);
      await this.events.publish(new UserDeleted(id));
      await this.users.delete(id);
    });
  }

  /**
   * Changes an account under its lock. `change` says what happened; when nothing did, nothing is written, and
   * `updatedAt` stays: whoever asked has only read the account.
   */
  private async modify(id: number, change: (user: User, now: Date) => Promise<object[]>): Promise<User> {
    return this.db.run(async () => {
      const user = await this.users.lock(id);
      const now = this.clock.now();
      const wasApproved = user.clinicalApproved;
      const happened = await change(user, now);
      if (wasApproved && !user.clinicalApproved) happened.push(new ClinicalApprovalWithdrawn(id));
      if (happened.length === 0) {
        await this.accessLog.read(id);
        return user;
      }
      user.updatedAt = now;
      await this.users.save(user);
      for (const event of happened) await this.events.publish(event);
      return user;
    });
  }

  /** Takes new values over into a locked account, and says what happened by that. */
  private change(user: User, attributes: Partial<UserAttributes>): object[] {
    const before = Object.assign(new User(), user);
    const changed = user.change(attributes);
    if (changed.size === 0) return [];
    const happened: object[] = [new UserUpdated(user.id, [...changed])];
    const previousEmail = changed.has('email') ? before.email : null;
    if (changed.has('passwordDigest')) happened.push(new PasswordChanged(user.id, previousEmail));
    if (previousEmail !== null) happened.push(new EmailChanged(user.id, previousEmail));
    if (this.isNewChannel(user, before) || (changed.has('template') && !user.template)) {
      happened.push(new ConfirmationWithdrawn(user.id));
    }
    return happened;
  }

  private isNewChannel(user: User, before: User): boolean {
    return user.codeChannel.destination !== before.codeChannel.destination;
  }

  /** One's own password and address need a fresh session, or the password that is in force. */
  private async checkCurrentPassword(
    { user: values }: UpdateUserDto,
    current: User,
    actor: Actor,
    errors: ValidationErrors,
  ): Promise<void> {
    const sent = values?.currentPassword;
    if (errors.has('currentPassword')) return;
    if (sent) {
      const right = await this.passwordLimit.attempt(current.email, () =>
        this.hasher.matches(normalizePassword(sent), current.passwordDigest),
      );
      if (!right) errors.add('currentPassword', messages.INVALID);
      return;
    }
    const changesPassword = values?.password !== undefined && values.password !== null;
    const changesEmail =
      values?.email !== undefined && values.email !== null && values.email !== current.email;
    if ((changesPassword || changesEmail) && !actor.isFresh(this.clock.now())) {
      errors.add('currentPassword', messages.BLANK);
    }
  }

  /** @throws RecordInvalid when nobody could administer any more without this user */
  private async keepAnAdmin(user: User): Promise<void> {
    if (user.role !== 'admin' || !user.active) return;
    const admins = await this.users.lockActiveAdmins();
    if (admins.every((id) => id === user.id)) throw RecordInvalid.on('base', messages.NOT_ALLOWED);
  }
}
