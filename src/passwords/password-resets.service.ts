import { Injectable } from '@nestjs/common';
import { Quotas } from '../limits/index.js';
import { Outbox } from '../messaging/index.js';
import { Settings } from '../shared/config/settings.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import {
  NotFound,
  RecordInvalid,
  TooManyRequests,
  type ValidationErrors,
  WrongCredentials,
} from '../shared/errors/index.js';
import { DomainEvents } from '../shared/events/domain-events.js';
import { respondAtFixedIntervals } from '../shared/lib/fixed-intervals.js';
import { Clock } from '../shared/lib/clock.js';
import { after, DAY } from '../shared/lib/duration.js';
import { messages, type Validated } from '../shared/validation/index.js';
import {
  normalizePassword,
  PasswordHasher,
  PasswordPolicy,
  type User,
  UsersService,
} from '../users/index.js';
import { PendingPasswordReset } from './pending-password-reset.entity.js';
import { PasswordResetsRepository } from './password-resets.repository.js';
import { PasswordResetRequested } from './passwords.events.js';
import type { ResetPasswordDto } from './passwords.dto.js';
import { PasswordResetLink } from './password-reset-link.js';

/** A notice that arrives later would confuse more than it helps. */
const NOTICE_LIFETIME_MS = DAY;
const INVALID_TOKEN = 'Invalid Token';

/** Ten times what the work takes, over a network and through a Galera commit. */
const RESPONSE_INTERVAL_MS = 250;

/**
 * The whole life of a password reset: it is requested, its link is sent, its token is looked up, and it is used for a
 * new password or deleted.
 */
@Injectable()
export class PasswordResetsService {
  constructor(
    private readonly passwordResetsRepository: PasswordResetsRepository,
    private readonly usersService: UsersService,
    private readonly passwordHasher: PasswordHasher,
    private readonly passwordPolicy: PasswordPolicy,
    private readonly outbox: Outbox,
    private readonly passwordResetLink: PasswordResetLink,
    private readonly quotas: Quotas,
    private readonly events: DomainEvents,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /**
   * Sends a link to the active account of an address, if there is one. The time of the answer must not reveal whether
   * there is: requests are answered at fixed intervals (decision 7).
   *
   * @throws TooManyRequests, for known and unknown addresses alike
   */
  request(email: string): Promise<void> {
    return respondAtFixedIntervals(RESPONSE_INTERVAL_MS, () =>
      this.db.run(async () => {
        await this.consumeQuota(email);
        const found = await this.usersService.findByEmail(email);
        if (found) await this.send(found.id, email).catch(ignoreDeletion);
      }),
    );
  }

  /**
   * Sends a link to a user, on behalf of an administrator.
   *
   * @throws NotFound, RecordInvalid for an account that was cancelled, TooManyRequests
   */
  async requestFor(userId: number): Promise<void> {
    await this.db.run(async () => {
      const { email, active } = await this.usersService.find(userId);
      if (!active) throw RecordInvalid.on('base', messages.NOT_ALLOWED);
      await this.consumeQuota(email);
      await this.send(userId, email);
    });
  }

  /** The live reset of a token, without using it up; null for a token that is wrong, used or expired. */
  async find(token: unknown): Promise<PendingPasswordReset | null> {
    const digest = PendingPasswordReset.digestOf(token);
    return digest === null ? null : this.passwordResetsRepository.findLive(digest, this.clock.now());
  }

  /** The user whose password a token would reset. */
  async findOwner(token: unknown): Promise<User | null> {
    const reset = await this.find(token);
    return reset && this.usersService.findOrNull(reset.userId);
  }

  /**
   * Gives the account of a token a new password. The token is checked first, and used up only by a password that keeps
   * the rules.
   *
   * @throws RecordInvalid, WrongCredentials
   */
  async reset({ values, errors }: Validated<ResetPasswordDto>): Promise<User> {
    const reset = await this.find(values.token);
    if (!reset && !errors.has('token')) throw new WrongCredentials(INVALID_TOKEN);
    const user = reset ? await this.usersService.findOrNull(reset.userId) : null;
    this.checkPassword(values, user, errors);
    errors.throwIfAny();
    const passwordDigest = await this.passwordHasher.hash(values.password);
    return this.db.run(async () => {
      if (!reset || !user || !(await this.use(reset))) throw new WrongCredentials(INVALID_TOKEN);
      return this.usersService.resetPassword(reset.userId, passwordDigest);
    });
  }

  /** Makes the links that the user has been sent invalid. */
  delete(userId: number): Promise<void> {
    return this.passwordResetsRepository.deleteOfUser(userId);
  }

  /** Counted by address, whether or not it has an account. */
  private async consumeQuota(email: string): Promise<void> {
    const claim = { subject: `password resets of ${email}`, rates: this.settings.limits.resetsPerAccount };
    const { allowed, retryAfter } = await this.quotas.consume(claim);
    if (!allowed) throw new TooManyRequests(retryAfter);
  }

  private async send(userId: number, email: string): Promise<void> {
    const user = await this.usersService.lock(userId);
    if (user.email !== email) return;
    if (!user.active) return this.notifyOfCancellation(user);
    const { reset, token } = PendingPasswordReset.create(userId, this.clock.now());
    await this.passwordResetsRepository.replace(reset);
    await this.outbox.add({
      userId,
      kind: 'password_reset',
      channel: 'email',
      destination: user.email,
      language: user.language,
      values: { firstName: user.firstName, link: this.passwordResetLink.to(token) },
      expiresAt: reset.expiresAt,
      suppressed: user.template,
      nativeSignup: user.nativeSignup,
    });
    await this.events.publish(new PasswordResetRequested(userId));
  }

  /** The owner of a cancelled account hears why no link comes, and whom to ask. */
  private notifyOfCancellation(user: User): Promise<void> {
    return this.outbox.add({
      userId: user.id,
      kind: 'account_cancelled',
      channel: 'email',
      destination: user.email,
      language: user.language,
      values: { firstName: user.firstName },
      expiresAt: after(this.clock.now(), NOTICE_LIFETIME_MS),
      suppressed: user.template,
      nativeSignup: user.nativeSignup,
    });
  }

  private checkPassword(
    { password, passwordConfirmation }: ResetPasswordDto,
    owner: User | null,
    errors: ValidationErrors,
  ): void {
    if (errors.has('password')) return;
    errors.add('password', ...this.passwordPolicy.problems(password, owner ?? {}));
    if (!passwordConfirmation || errors.has('passwordConfirmation')) return;
    if (normalizePassword(passwordConfirmation) !== password) {
      errors.add('passwordConfirmation', messages.CONFIRMATION_DIFFERS);
    }
  }

  /** @returns whether the reset was still live: of two requests at the same time only one uses it */
  private async use(reset: PendingPasswordReset): Promise<boolean> {
    const { active } = await this.usersService.lock(reset.userId);
    return active && (await this.passwordResetsRepository.use(reset, this.clock.now()));
  }
}

/** The account was deleted since it was found: to the client that is an address without an account. */
function ignoreDeletion(error: unknown): void {
  if (!(error instanceof NotFound)) throw error;
}
