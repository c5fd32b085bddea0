import { Injectable } from '@nestjs/common';
import { FailureLimits, Quotas } from '../limits/index.js';
import { SmsGuard } from '../messaging/index.js';
import { Settings } from '../shared/config/settings.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { RecordInvalid, TooManyRequests, WrongCredentials } from '../shared/errors/index.js';
import { DomainEvents } from '../shared/events/domain-events.js';
import { FailureLog } from '../shared/events/failure-log.js';
import { Clock } from '../shared/lib/clock.js';
import { messages } from '../shared/validation/index.js';
import { type CodeChannel, type User, UsersService } from '../users/index.js';
import { ConfirmationCodeHasher, isWellFormedCode } from './confirmation-code-hasher.js';
import { ConfirmationCodesService, CONFIRMATION } from './confirmation-codes.service.js';
import type { ConfirmationCode } from './confirmation-code.entity.js';
import { ConfirmationCodesRepository } from './confirmation-codes.repository.js';
import { CodeResent, ConfirmationFailed } from './verification.events.js';

export interface SentCode extends CodeChannel {
  readonly expiresAt: Date;
  /** Seconds until the next code may be asked for. */
  readonly retryAfter: number;
}

const INVALID_CODE = 'Invalid Code';

const wrongCodesOf = (userId: number): string => `wrong codes of user ${userId}`;

/** Confirming an account with a code, and asking for another one. */
@Injectable()
export class ConfirmationService {
  constructor(
    private readonly usersService: UsersService,
    private readonly confirmationCodesRepository: ConfirmationCodesRepository,
    private readonly confirmationCodesService: ConfirmationCodesService,
    private readonly confirmationCodeHasher: ConfirmationCodeHasher,
    private readonly quotas: Quotas,
    private readonly failureLimits: FailureLimits,
    private readonly smsGuard: SmsGuard,
    private readonly events: DomainEvents,
    private readonly failureLog: FailureLog,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /**
   * Every code that can't be right is refused alike, whatever the reason.
   *
   * @throws NotFound, WrongCredentials, TooManyRequests
   */
  async confirm(userId: number, code: string): Promise<User> {
    try {
      return await this.failureLimits.consume('wrongCodesPerIp', () => this.compare(userId, code));
    } catch (error) {
      if (error instanceof WrongCredentials) await this.failureLog.record(new ConfirmationFailed(userId));
      throw error;
    }
  }

  /**
   * Sends the account another code.
   *
   * @throws NotFound, RecordInvalid for an account that needs none, TooManyRequests
   */
  async resend(userId: number): Promise<SentCode> {
    return this.db.run(async () => {
      const user = await this.usersService.lock(userId);
      if (user.confirmed) throw RecordInvalid.on('base', messages.ALREADY_CONFIRMED);
      if (!user.active) throw RecordInvalid.on('base', messages.NOT_ALLOWED);
      const issue = await this.confirmationCodesService.issue(user);
      if (!issue.isSent) throw new TooManyRequests(issue.retryAfter);
      await this.events.publish(new CodeResent(userId));
      return { ...user.codeChannel, expiresAt: issue.expiresAt, retryAfter: issue.retryAfter };
    });
  }

  forget(userId: number): Promise<void> {
    return this.quotas.refundAll(wrongCodesOf(userId));
  }

  private async compare(userId: number, code: string): Promise<User> {
    const user = await this.usersService.find(userId);
    if (user.confirmed || !user.active || !isWellFormedCode(code)) throw new WrongCredentials(INVALID_CODE);
    // Counted, and committed, before the code is looked at: however many arrive at once, no more are compared.
    const pending = await this.countAttempt(userId);
    if (!pending || !this.confirmationCodeHasher.matches(code, userId, CONFIRMATION, pending))
      throw new WrongCredentials(INVALID_CODE);
    return this.accept(pending);
  }

  /** @returns the live code, unless the day's wrong codes or the code's attempts are used up */
  private countAttempt(userId: number): Promise<ConfirmationCode | null> {
    const { codeAttempts, wrongCodesPerAccount } = this.settings.limits;
    return this.db.run(async () => {
      const claim = { subject: wrongCodesOf(userId), rates: wrongCodesPerAccount, always: true };
      const { allowed } = await this.quotas.consume(claim);
      return allowed
        ? this.confirmationCodesRepository.countAttempt(userId, this.clock.now(), codeAttempts)
        : null;
    });
  }

  private accept(pending: ConfirmationCode): Promise<User> {
    const { userId } = pending;
    return this.db.run(async () => {
      const { active, codeChannel } = await this.usersService.lock(userId);
      await this.quotas.refund(wrongCodesOf(userId));
      const isLive = await this.confirmationCodesRepository.use(pending, this.clock.now());
      if (!active || !isLive) throw new WrongCredentials(INVALID_CODE);
      if (pending.smsNumber !== null) {
        await this.smsGuard.codeEntered(codeChannel.destination, pending.smsNumber);
      }
      return this.usersService.confirm(userId);
    });
  }
}
