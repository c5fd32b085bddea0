import { Injectable } from '@nestjs/common';
import { FailureLimits } from '../limits/index.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { RecordInvalid, TooManyRequests, WrongCredentials } from '../shared/errors/index.js';
import { DomainEvents } from '../shared/events/domain-events.js';
import { FailureLog } from '../shared/events/failure-log.js';
import { messages } from '../shared/validation/index.js';
import { type CodeChannel, type User, UsersService } from '../users/index.js';
import { isWellFormedCode } from './confirmation-code-hasher.js';
import type { ConfirmationCode } from './confirmation-code.entity.js';
import { ConfirmationCodesService } from './confirmation-codes.service.js';
import { CodeResent, ConfirmationFailed } from './verification.events.js';

export interface SentCode extends CodeChannel {
  readonly expiresAt: Date;
  /** Seconds until another code may be requested. */
  readonly retryAfter: number;
}

const INVALID_CODE = 'Invalid Code';

/** Confirms accounts by a code, and sends another code on request. */
@Injectable()
export class ConfirmationService {
  constructor(
    private readonly usersService: UsersService,
    private readonly confirmationCodesService: ConfirmationCodesService,
    private readonly failureLimits: FailureLimits,
    private readonly events: DomainEvents,
    private readonly failureLog: FailureLog,
    private readonly db: UnitOfWork,
  ) {}

  /**
   * Confirms the account. The refusal is the same for every code that is not right, whatever the reason.
   *
   * @throws NotFound, WrongCredentials, TooManyRequests
   */
  async confirm(userId: number, code: string): Promise<User> {
    // Text that can't be a code is a slip, not a guess: it counts as no attempt.
    if (!isWellFormedCode(code)) {
      await this.usersService.find(userId);
      throw new WrongCredentials(INVALID_CODE);
    }
    try {
      return await this.failureLimits.consume('wrongCodesPerIp', () => this.compare(userId, code), {
        subject: String(userId),
      });
    } catch (error) {
      if (error instanceof WrongCredentials) await this.failureLog.record(new ConfirmationFailed(userId));
      throw error;
    }
  }

  /**
   * Sends the account another code.
   *
   * @throws NotFound, RecordInvalid for an account that is confirmed or cancelled, TooManyRequests
   */
  async resend(userId: number): Promise<SentCode> {
    return this.db.run(async () => {
      const user = await this.usersService.lock(userId);
      if (user.confirmed) throw RecordInvalid.on('base', messages.ALREADY_CONFIRMED);
      if (!user.active) throw RecordInvalid.on('base', messages.NOT_ALLOWED);
      const result = await this.confirmationCodesService.issue(user);
      if (!result.isSent) throw new TooManyRequests(result.retryAfter);
      await this.events.publish(new CodeResent(userId));
      return { ...user.codeChannel, expiresAt: result.expiresAt, retryAfter: result.retryAfter };
    });
  }

  private async compare(userId: number, code: string): Promise<User> {
    const user = await this.usersService.find(userId);
    if (user.confirmed || !user.active) throw new WrongCredentials(INVALID_CODE);
    const matching = await this.confirmationCodesService.findMatching(user, code);
    if (!matching) throw new WrongCredentials(INVALID_CODE);
    return this.accept(matching);
  }

  /** The account and the code may have changed since they were read: both are checked again, under the lock. */
  private accept(code: ConfirmationCode): Promise<User> {
    return this.db.run(async () => {
      const user = await this.usersService.lock(code.userId);
      const isUsed = user.active && (await this.confirmationCodesService.use(code, user));
      if (!isUsed) throw new WrongCredentials(INVALID_CODE);
      return this.usersService.confirm(user.id);
    });
  }
}
