import { Injectable } from '@nestjs/common';
import { Quotas } from '../limits/index.js';
import { Outbox } from '../messaging/index.js';
import { Settings } from '../shared/config/settings.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import {
  RecordInvalid,
  TooManyRequests,
  type ValidationErrors,
  WrongCredentials,
} from '../shared/errors/index.js';
import { DomainEvents } from '../shared/events/domain-events.js';
import { respondAtFixedIntervals } from '../shared/lib/fixed-intervals.js';
import { Clock } from '../shared/lib/clock.js';
import { after, HOUR } from '../shared/lib/duration.js';
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
import { isWellFormedResetToken, newResetToken, resetTokenDigest } from './password-reset-token.js';

const LIFETIME_MS = HOUR;
const INVALID_TOKEN = 'Invalid Token';

/** The work takes a tenth of it, over a network and through a Galera commit. */
const RESPONSE_INTERVAL_MS = 250;

/** Forgotten passwords: a link to the account's e-mail address, and the new password that it brings. */
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
   * Sends a link to the account of an address, if it has an active one. Whether it has must not show. Doing the work
   * after the answer would hide it, too, but a process that dies in between would lose what was accepted; doing as
   * much for an unknown address would take a person to write to. So requests are answered at fixed intervals (decision 7).
   *
   * @throws TooManyRequests, for known and unknown addresses alike
   */
  request(email: string): Promise<void> {
    return respondAtFixedIntervals(RESPONSE_INTERVAL_MS, () =>
      this.db.run(async () => {
        await this.claim(email);
        const found = await this.usersService.findByEmail(email);
        if (found) await this.send(found.id, email);
      }),
    );
  }

  /**
   * Sends a link to the account of somebody else.
   *
   * @throws NotFound, RecordInvalid for an account that was cancelled, TooManyRequests
   */
  async requestFor(userId: number): Promise<void> {
    await this.db.run(async () => {
      const { email, active } = await this.usersService.find(userId);
      if (!active) throw RecordInvalid.on('base', messages.NOT_ALLOWED);
      await this.claim(email);
      await this.send(userId, email);
    });
  }

  /** The live reset of a token, which is not used up by that; null for a token that is wrong, used or too old. */
  async find(token: unknown): Promise<PendingPasswordReset | null> {
    return isWellFormedResetToken(token)
      ? this.passwordResetsRepository.findLive(resetTokenDigest(token), this.clock.now())
      : null;
  }

  /** Whose password a token would reset. */
  async findOwner(token: unknown): Promise<User | null> {
    const reset = await this.find(token);
    return reset && this.usersService.findOrNull(reset.userId);
  }

  /**
   * Gives the account of a token a new password. The token is judged first; only a password that keeps the rules uses
   * it up.
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
      const isLive = reset && user && (await this.lockActive(user.id));
      // By the condition of this one statement the first of two who come at once wins.
      if (!isLive || !(await this.passwordResetsRepository.use(reset, this.clock.now()))) {
        throw new WrongCredentials(INVALID_TOKEN);
      }
      return this.usersService.resetPassword(user.id, passwordDigest);
    });
  }

  /** Links that were sent before are of no use any more. */
  end(userId: number): Promise<void> {
    return this.passwordResetsRepository.deleteOfUser(userId);
  }

  /** By the address, whether or not it has an account. */
  private async claim(email: string): Promise<void> {
    const claim = { subject: `password resets of ${email}`, rates: this.settings.limits.resetsPerAccount };
    const { allowed, retryAfter } = await this.quotas.consume(claim);
    if (!allowed) throw new TooManyRequests(retryAfter);
  }

  private async send(userId: number, email: string): Promise<void> {
    const user = await this.usersService.lock(userId);
    if (!user.active || user.email !== email) return;
    const token = newResetToken();
    const now = this.clock.now();
    const expiresAt = after(now, LIFETIME_MS);
    await this.passwordResetsRepository.replace(
      Object.assign(new PendingPasswordReset(), {
        userId,
        tokenDigest: resetTokenDigest(token),
        createdAt: now,
        expiresAt,
      }),
    );
    await this.outbox.add({
      userId,
      kind: 'password_reset',
      channel: 'email',
      destination: user.email,
      language: user.language,
      values: { firstName: user.firstName, link: this.passwordResetLink.to(token) },
      expiresAt,
      suppressed: user.template,
      nativeSignup: user.nativeSignup,
    });
    await this.events.publish(new PasswordResetRequested(userId));
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

  private async lockActive(userId: number): Promise<boolean> {
    return (await this.usersService.lock(userId)).active;
  }
}
