import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { wholeSeconds } from '../limit-result.js';
import { RateLimiter, type RateWindow, type WindowResult } from './rate-limiter.js';

/** Counts in this process alone. */
export class MemoryRateLimiter extends RateLimiter {
  private readonly counters = new Map<RateWindow, RateLimiterMemory>();

  override consume(window: RateWindow, key: string): Promise<WindowResult> {
    return windowResult(this.counter(window).consume(key));
  }

  override async refund(window: RateWindow, key: string): Promise<void> {
    await this.counter(window).reward(key);
  }

  private counter(window: RateWindow): RateLimiterMemory {
    let counter = this.counters.get(window);
    if (!counter) {
      counter = new RateLimiterMemory({
        keyPrefix: window.name,
        points: window.count,
        duration: window.seconds,
      });
      this.counters.set(window, counter);
    }
    return counter;
  }
}

/** The library resolves where the limit is not reached, and rejects with the same class where it is. */
export async function windowResult(consumption: Promise<RateLimiterRes>): Promise<WindowResult> {
  try {
    return toResult(await consumption, true);
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return toResult(refusal, false);
    throw refusal;
  }
}

function toResult({ remainingPoints, msBeforeNext }: RateLimiterRes, allowed: boolean): WindowResult {
  const resetAfter = wholeSeconds(msBeforeNext);
  return {
    allowed,
    remaining: remainingPoints,
    retryAfter: remainingPoints > 0 ? 0 : resetAfter,
    resetAfter,
  };
}
