import { Injectable } from '@nestjs/common';
import { Outbox, type SmsAdmission, SmsGuardService } from '../messaging/index.js';
import { Settings } from '../shared/config/settings.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { Clock } from '../shared/lib/clock.js';
import { after, MINUTE } from '../shared/lib/duration.js';
import type { User } from '../users/index.js';
import { ConfirmationCodeHasher, newCode } from './confirmation-code-hasher.js';
import { ConfirmationCodeLimits } from './confirmation-code-limits.js';
import { ConfirmationCode } from './confirmation-code.entity.js';
import { type ConfirmationCodeKey, ConfirmationCodesRepository } from './confirmation-codes.repository.js';

/** NIST SP 800-63B-4, 3.1.3.1, allows at most 10 minutes for a code that is sent. */
const LIFETIME_MS = 10 * MINUTE;

/** Whether a code was sent. `retryAfter` is in seconds. */
export type IssueResult =
  | { readonly isSent: true; readonly expiresAt: Date; readonly retryAfter: number }
  | { readonly isSent: false; readonly retryAfter: number };

/** The whole life of a confirmation code: it is issued, sent, compared with what is entered, used or deleted. */
@Injectable()
export class ConfirmationCodesService {
  constructor(
    private readonly confirmationCodesRepository: ConfirmationCodesRepository,
    private readonly confirmationCodeHasher: ConfirmationCodeHasher,
    private readonly confirmationCodeLimits: ConfirmationCodeLimits,
    private readonly outbox: Outbox,
    private readonly smsGuardService: SmsGuardService,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /**
   * Sends a new code to the account's current channel, unless a limit is reached. It replaces the previous code to the
   * same destination; that one stays valid if none is sent, so that a number that is changed and changed back within a
   * minute can still be confirmed. The caller's unit of work must have locked the account.
   */
  issue(user: User): Promise<IssueResult> {
    return this.db.run(async () => {
      const { allowed, retryAfter } = await this.confirmationCodeLimits.consumeSending(user);
      return allowed
        ? { isSent: true, expiresAt: await this.send(user), retryAfter }
        : { isSent: false, retryAfter };
    });
  }

  /** Gives the pending code of a user who became a template user, if there is one, the value of the template code. */
  async replaceByTemplateCode(user: User): Promise<void> {
    const hashed = this.confirmationCodeHasher.hash(this.settings.template.code, user.id);
    await this.confirmationCodesRepository.rewrite(user.id, hashed);
  }

  /**
   * The account's live code, if `code` is right. Call it outside a unit of work: the attempt is committed before the
   * codes are compared, so that requests at the same time can't exceed the limit.
   */
  async findMatching(user: User, code: string): Promise<ConfirmationCode | null> {
    const pending = await this.countAttempt(user);
    return pending && this.confirmationCodeHasher.matches(code, user.id, pending) ? pending : null;
  }

  /**
   * Uses the code up. The caller's unit of work must have locked the account.
   *
   * @returns whether the code was still live: of two requests at the same time only one uses it
   */
  use(code: ConfirmationCode, user: User): Promise<boolean> {
    return this.db.run(async () => {
      await this.confirmationCodeLimits.refundAttempt(user.id);
      if (this.keyOf(user).destinationDigest !== code.destinationDigest) return false;
      if (!(await this.confirmationCodesRepository.use(code, this.clock.now()))) return false;
      if (code.smsNumber !== null) {
        await this.smsGuardService.codeEntered(user.codeChannel.destination, code.smsNumber);
      }
      return true;
    });
  }

  /** The code that counts is the one that went to where the account's codes go now. */
  private keyOf({ id, codeChannel }: User): ConfirmationCodeKey {
    return {
      userId: id,
      destinationDigest: this.confirmationCodeHasher.destinationDigest(codeChannel.destination),
    };
  }

  delete(userId: number): Promise<void> {
    return this.confirmationCodesRepository.deleteOfUser(userId);
  }

  private async send(user: User): Promise<Date> {
    const now = this.clock.now();
    const expiresAt = after(now, LIFETIME_MS);
    const code = user.template ? this.settings.template.code : newCode();
    const { allowed, number } = await this.admit(user);
    await this.confirmationCodesRepository.replace(
      Object.assign(new ConfirmationCode(), {
        ...this.keyOf(user),
        ...this.confirmationCodeHasher.hash(code, user.id),
        attempts: 0,
        smsNumber: number,
        createdAt: now,
        expiresAt,
      }),
    );
    await this.outbox.add({
      userId: user.id,
      kind: 'confirmation',
      ...user.codeChannel,
      language: user.language,
      values: { firstName: user.firstName, code },
      expiresAt,
      suppressed: !allowed,
      nativeSignup: user.nativeSignup,
    });
    return expiresAt;
  }

  /** Template users receive nothing, and an SMS is sent only if the guard allows it. The API's answer is the same. */
  private async admit(user: User): Promise<SmsAdmission> {
    const { channel, destination } = user.codeChannel;
    if (user.template || channel !== 'sms') return { allowed: !user.template, number: null };
    return this.smsGuardService.consume(destination);
  }

  /** @returns the live code, unless the wrong codes of the day or the attempts of the code are used up */
  private countAttempt(user: User): Promise<ConfirmationCode | null> {
    return this.db.run(async () => {
      const { allowed } = await this.confirmationCodeLimits.consumeAttempt(user.id);
      if (!allowed) return null;
      const { codeAttempts } = this.settings.limits;
      return this.confirmationCodesRepository.countAttempt(this.keyOf(user), this.clock.now(), codeAttempts);
    });
  }
}
