import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Rate } from '../../shared/config/limit-settings.js';
import { Settings } from '../../shared/config/settings.js';
import { derivedKey } from '../../shared/lib/derived-key.js';
import { UnitOfWork } from '../../shared/database/unit-of-work.js';
import { Clock } from '../../shared/lib/clock.js';
import { SECOND } from '../../shared/lib/duration.js';
import type { Quota } from './quota.entity.js';
import { QuotasRepository } from './quotas.repository.js';

/** Something that may be done so and so often for a subject: `codes to +15551234567`. */
export interface Claim {
  readonly subject: string;
  readonly rates: readonly Rate[];
}

export interface Grant {
  readonly granted: boolean;
  /** Whole seconds until the next use, after this one if it was granted; 0 is at once. */
  readonly retryAfter: number;
}

/**
 * How often something may be done for an account, an address, a number. Counted in the database, in the unit of work
 * of what is done: a restart forgets nothing, and what is rolled back was not used. The windows slide: 5 an hour is 5
 * in any hour. Requests per IP or token are not for here, they are far more.
 */
@Injectable()
export class Quotas {
  private readonly key: Buffer;

  constructor(
    private readonly quotas: QuotasRepository,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
    { appSecret }: Settings,
  ) {
    this.key = derivedKey(appSecret, 'quotas');
  }

  /**
   * Uses each claim once if all of them allow it, else none. Waits for whoever holds one of them: units of work that
   * claim several must claim them in the same order.
   */
  take(...claims: Claim[]): Promise<Grant> {
    return this.db.run(async () => {
      const now = this.clock.now();
      const claimed: { quota: Quota; rates: readonly Rate[] }[] = [];
      for (const { subject, rates } of claims) {
        claimed.push({ quota: await this.quotas.lock(this.digest(subject), now), rates });
      }
      const retryAfter = (): number =>
        Math.ceil(Math.max(0, ...claimed.map(({ quota, rates }) => quota.wait(rates, now))) / SECOND);
      if (retryAfter() > 0) return { granted: false, retryAfter: retryAfter() };
      for (const { quota, rates } of claimed) {
        quota.use(rates, now);
        await this.quotas.save(quota);
      }
      return { granted: true, retryAfter: retryAfter() };
    });
  }

  /** Takes the latest use back: it turned out not to count. */
  async giveBack(subject: string): Promise<void> {
    await this.db.run(async () => {
      const quota = await this.quotas.lock(this.digest(subject), this.clock.now());
      quota.giveBack();
      await this.quotas.save(quota);
    });
  }

  /** For a subject that is gone. */
  forget(subject: string): Promise<void> {
    return this.quotas.delete(this.digest(subject));
  }

  private digest(subject: string): string {
    return createHmac('sha256', this.key).update(subject).digest('hex');
  }
}
