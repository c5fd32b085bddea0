import { Injectable } from '@nestjs/common';
import { type Claim, currentClient, type LimitResult, Quotas } from '../limits/index.js';
import { RequestContext } from '../shared/access/index.js';
import { Settings } from '../shared/config/settings.js';
import type { User } from '../users/index.js';

const codesFor = (userId: number): string => `codes for user ${userId}`;
const wrongCodesOf = (userId: number): string => `wrong codes of user ${userId}`;

/** How often confirmation codes may be sent, and how often they may be entered. */
@Injectable()
export class ConfirmationCodeLimits {
  constructor(
    private readonly quotas: Quotas,
    private readonly settings: Settings,
  ) {}

  /** Counts the sending of a code. */
  async consumeSending(user: User): Promise<LimitResult> {
    const result = await this.quotas.consume(...this.claims(user));
    return this.settings.rateLimit ? result : { ...result, retryAfter: this.recommendedPause };
  }

  /** Counts the entering of a code. Wrong codes are limited with `RATE_LIMIT=off`, too. */
  consumeAttempt(userId: number): Promise<LimitResult> {
    const rates = this.settings.limits.wrongCodesPerAccount;
    return this.quotas.consume({ subject: wrongCodesOf(userId), rates, always: true });
  }

  /** The code was right: only wrong ones count. */
  refundAttempt(userId: number): Promise<void> {
    return this.quotas.refund(wrongCodesOf(userId));
  }

  /** For an account that is deleted. */
  async refundAll(userId: number): Promise<void> {
    await this.quotas.refundAll(codesFor(userId));
    await this.quotas.refundAll(wrongCodesOf(userId));
  }

  /** Account, destination, client: always in this order, because each claim stays locked while the next one waits. */
  private claims(user: User): Claim[] {
    const { limits } = this.settings;
    const { channel, destination } = user.codeChannel;
    return [
      { subject: codesFor(user.id), rates: limits.codesPerAccount },
      {
        // Template users receive nothing, so they must not use up the limit of a real person's number.
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

  /** In seconds: with `RATE_LIMIT=off` clients are still told to wait before they ask for the next code. */
  private get recommendedPause(): number {
    return this.settings.limits.codesPerDestination[0]?.seconds ?? 0;
  }
}
