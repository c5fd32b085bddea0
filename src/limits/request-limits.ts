import { Injectable } from '@nestjs/common';
import type { RateName } from '../shared/config/limit-settings.js';
import { Settings } from '../shared/config/settings.js';
import { LimitMetrics } from './limit-refusals.js';
import {
  RateLimiter,
  type RateWindow,
  type RateWindows,
  rateWindows,
  type Tally,
} from './rate-limiter/rate-limiter.js';
import { tooManyFor } from './limit-result.js';

/** What is left of a limit, in the one of its windows that is closest to its end. */
export interface Quota extends Tally {
  readonly window: RateWindow;
}

/** The limits that count every event. */
@Injectable()
export class RateLimits {
  private readonly windows: RateWindows;

  constructor(
    private readonly limiter: RateLimiter,
    private readonly settings: Settings,
    private readonly metrics: LimitMetrics,
  ) {
    this.windows = rateWindows(settings.limits, { givesBack: false });
  }

  /**
   * Counts one event of `key`.
   *
   * @returns what is left, or null where limits are switched off
   * @throws TooManyRequests
   */
  async spend(name: RateName, key: string): Promise<Quota | null> {
    if (!this.settings.rateLimit) return null;
    let tightest: Quota | null = null;
    for (const window of this.windows[name]) {
      const tally = await this.limiter.take(window, key);
      if (!tally.isWithin) {
        this.metrics.noteRefusal(name);
        throw tooManyFor(tally.resetsIn);
      }
      if (tightest === null || tally.remaining < tightest.remaining) tightest = { ...tally, window };
    }
    return tightest;
  }
}
