import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Rate } from '../../shared/config/limit-settings.js';
import { Settings } from '../../shared/config/settings.js';
import { UnitOfWork } from '../../shared/database/unit-of-work.js';
import { Clock } from '../../shared/lib/clock.js';
import { derivedKey } from '../../shared/lib/derived-key.js';
import { type LimitResult, wholeSeconds } from '../limit-result.js';
import type { Quota } from './quota.entity.js';
import { QuotasRepository } from './quotas.repository.js';

/** The rates that limit the uses of a subject: `codes to +15551234567`. */
export interface Claim {
  readonly subject: string;
  readonly rates: readonly Rate[];
  /** Whether it counts with `RATE_LIMIT=off`, too. */
  readonly always?: boolean;
}

/**
 * Limits by account, address or number, counted in the database in the unit of work of the use: a restart forgets
 * nothing, and what is rolled back does not count. The windows slide: 5 an hour is 5 in any hour. Requests per address
 * or token, which are far more, are counted by `RequestLimits`.
 */
@Injectable()
export class Quotas {
  private readonly key: Buffer;

  constructor(
    private readonly quotasRepository: QuotasRepository,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {
    this.key = derivedKey(settings.appSecret, 'quotas');
  }

  /**
   * Counts one use of every claim if all of them allow it, else of none. Locks their rows until the unit of work ends:
   * units that make several claims must make them in the same order.
   */
  consume(...claims: Claim[]): Promise<LimitResult> {
    return this.db.run(async () => {
      const now = this.clock.now();
      const locked: { quota: Quota; rates: readonly Rate[] }[] = [];
      for (const { subject, rates, always } of claims) {
        if (!this.settings.rateLimit && !always) continue;
        locked.push({ quota: await this.quotasRepository.lock(this.digest(subject), now), rates });
      }
      const result = (allowed: boolean): LimitResult => ({
        allowed,
        remaining: Math.min(...locked.map(({ quota, rates }) => quota.remaining(rates, now))),
        retryAfter: wholeSeconds(
          Math.max(0, ...locked.map(({ quota, rates }) => quota.retryAfter(rates, now))),
        ),
      });
      const refusal = result(false);
      if (refusal.retryAfter > 0) return refusal;
      for (const { quota, rates } of locked) {
        quota.consume(rates, now);
        await this.quotasRepository.save(quota);
      }
      return result(true);
    });
  }

  /** Takes the latest use of a subject back. */
  async refund(subject: string): Promise<void> {
    await this.db.run(async () => {
      const quota = await this.quotasRepository.lock(this.digest(subject), this.clock.now());
      quota.refund();
      await this.quotasRepository.save(quota);
    });
  }

  /** Takes all uses back and leaves no row, for a subject that is gone. */
  refundAll(subject: string): Promise<void> {
    return this.quotasRepository.delete(this.digest(subject));
  }

  private digest(subject: string): string {
    return createHmac('sha256', this.key).update(subject).digest('hex');
  }
}
