import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { RateLimiter, type RateWindow, type Tally } from './rate-limiter.js';

/** Counts in this process alone. */
export class MemoryRateLimiter extends RateLimiter {
  private readonly counters = new Map<RateWindow, RateLimiterMemory>();

  override async take(window: RateWindow, key: string): Promise<Tally> {
    return tally(this.counter(window).consume(key));
  }

  override async giveBack(window: RateWindow, key: string): Promise<void> {
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

/** The library rejects with the same object with which it resolves where the limit is not reached. */
export async function tally(consumption: Promise<RateLimiterRes>): Promise<Tally> {
  try {
    return toTally(await consumption, true);
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return toTally(refusal, false);
    throw refusal;
  }
}

function toTally({ remainingPoints, msBeforeNext }: RateLimiterRes, isWithin: boolean): Tally {
  return { isWithin, remaining: remainingPoints, resetsIn: msBeforeNext };
}
