import { Injectable } from '@nestjs/common';
import { type Claim, currentClient, Quotas } from '../limits/index.js';
import { Outbox, type SmsAdmission, SmsGuard } from '../messaging/index.js';
import { Settings } from '../shared/config/settings.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { RequestContext } from '../shared/access/request-context.js';
import { Clock } from '../shared/lib/clock.js';
import { after, MINUTE } from '../shared/lib/duration.js';
import type { User } from '../users/index.js';
import { ConfirmationCodeHasher, newCode } from './confirmation-code-hasher.js';
import { ConfirmationCode } from './confirmation-code.entity.js';
import { ConfirmationCodesRepository } from './confirmation-codes.repository.js';

/** NIST SP 800-63B-4, 3.1.3.1, allows a code that is sent at most 10 minutes. */
const LIFETIME_MS = 10 * MINUTE;

export const CONFIRMATION = 'confirmation';

/** What became of a code. `retryAfter` is in seconds. */
export type Issue =
  | { readonly isSent: true; readonly expiresAt: Date; readonly retryAfter: number }
  | { readonly isSent: false; readonly retryAfter: number };

const codesFor = (userId: number): string => `codes for user ${userId}`;

/** Makes codes and sends them, as often as that may be. */
@Injectable()
export class ConfirmationCodesService {
  constructor(
    private readonly confirmationCodesRepository: ConfirmationCodesRepository,
    private readonly confirmationCodeHasher: ConfirmationCodeHasher,
    private readonly outbox: Outbox,
    private readonly quotas: Quotas,
    private readonly smsGuard: SmsGuard,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /**
   * Sends a new code to wherever the account's codes go now, unless that would be too often. The previous code dies
   * either way: it may have gone somewhere else. The caller's unit of work must hold the account's row.
   */
  async issue(user: User): Promise<Issue> {
    return this.db.run(async () => {
      const { allowed, retryAfter } = await this.quotas.consume(...this.claims(user));
      if (!allowed) {
        await this.confirmationCodesRepository.deleteOfUser(user.id);
        return { isSent: false, retryAfter };
      }
      return {
        isSent: true,
        expiresAt: await this.send(user),
        retryAfter: this.settings.rateLimit ? retryAfter : this.pause,
      };
    });
  }

  /** Makes the code of a user who has become a template user, if there is one, what a template user's code is. */
  async rewrite(user: User): Promise<void> {
    const { salt, digest } = this.confirmationCodeHasher.hash(
      this.settings.template.code,
      user.id,
      CONFIRMATION,
    );
    await this.confirmationCodesRepository.rewrite(user.id, { salt, digest });
  }

  forget(userId: number): Promise<void> {
    return this.quotas.refundAll(codesFor(userId));
  }

  private async send(user: User): Promise<Date> {
    const now = this.clock.now();
    const expiresAt = after(now, LIFETIME_MS);
    const code = user.template ? this.settings.template.code : newCode();
    const hashed = this.confirmationCodeHasher.hash(code, user.id, CONFIRMATION);
    const { allowed, number } = await this.admit(user);
    await this.confirmationCodesRepository.replace(
      Object.assign(new ConfirmationCode(), {
        userId: user.id,
        ...hashed,
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

  /** Nothing is sent to a template user; an SMS only if the guard lets it through. Nobody is told which it was. */
  private async admit(user: User): Promise<SmsAdmission> {
    const { channel, destination } = user.codeChannel;
    if (user.template || channel !== 'sms') return { allowed: !user.template, number: null };
    return this.smsGuard.consume(destination);
  }

  /** Account, destination, client, always in this order: whoever holds one of them may wait for the next. */
  private claims(user: User): Claim[] {
    const { limits } = this.settings;
    const { channel, destination } = user.codeChannel;
    return [
      { subject: codesFor(user.id), rates: limits.codesPerAccount },
      {
        // Nothing is sent to a template user: it must not use up what a real person's number may get.
        subject: user.template ? `codes to template user ${user.id}` : `codes to ${destination}`,
        rates: [...limits.codesPerDestination, ...(channel === 'sms' ? limits.codesPerPhone : [])],
      },
      ...this.clientClaims(user),
    ];
  }

  /** Administrators ask for others, and many of them from one office: they are limited per token. */
  private clientClaims(user: User): Claim[] {
    const client = currentClient();
    if (client === null || user.template || RequestContext.current()?.actor?.isAdmin) return [];
    return [{ subject: `codes asked for by ${client}`, rates: this.settings.limits.codesPerIp }];
  }

  /** What clients are told to wait where nothing counts. */
  private get pause(): number {
    return this.settings.limits.codesPerDestination[0]?.seconds ?? 0;
  }
}
