import { Injectable } from '@nestjs/common';
import type { RateName } from '../shared/config/limit-settings.js';
import { Settings } from '../shared/config/settings.js';
import { LimitRefusals } from './limit-refusals.js';
import {
  RateLimiter,
  type RateWindow,
  type RateWindows,
  rateWindows,
  type WindowResult,
} from './rate-limiter/rate-limiter.js';

/** What is left in one window of a limit. */
export interface RequestLimitResult extends WindowResult {
  readonly window: RateWindow;
}

/** The limits that count every request, by client address or by token, in fixed windows. */
@Injectable()
export class RequestLimits {
  private readonly windows: RateWindows;

  constructor(
    private readonly rateLimiter: RateLimiter,
    private readonly limitRefusals: LimitRefusals,
    { limits }: Settings,
  ) {
    this.windows = rateWindows(limits, { refundable: false });
  }

  /**
   * Counts one request of `key`.
   *
   * @returns the result of the window with the fewest requests left
   * @throws TooManyRequests
   */
  async consume(name: RateName, key: string): Promise<RequestLimitResult | null> {
    let tightest: RequestLimitResult | null = null;
    for (const window of this.windows[name]) {
      const result = await this.rateLimiter.consume(window, key);
      if (!result.allowed) throw this.limitRefusals.refuse(name, result);
      if (tightest === null || result.remaining < tightest.remaining) tightest = { ...result, window };
    }
    return tightest;
  }
}
