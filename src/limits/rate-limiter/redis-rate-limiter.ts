import { RateLimiterRedis, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { MemoryRateLimiter, windowResult } from './memory-rate-limiter.js';
import { RateLimiter, type RateWindow, type WindowResult } from './rate-limiter.js';
import type { RedisConnection } from './redis-connection.js';

const KEY_PREFIX = 'general-users-api';

/**
 * Counts in Redis, for all replicas together. While Redis is away each process counts for itself: a limit that is too
 * wide for a while does less harm than an API that is down.
 */
export class RedisRateLimiter extends RateLimiter {
  private readonly counters = new Map<RateWindow, RateLimiterAbstract>();
  private readonly fallback = new MemoryRateLimiter();

  constructor(private readonly redis: RedisConnection) {
    super();
  }

  override consume(window: RateWindow, key: string): Promise<WindowResult> {
    return this.redis.attempt(
      () => windowResult(this.counter(window).consume(key)),
      () => this.fallback.consume(window, key),
    );
  }

  override refund(window: RateWindow, key: string): Promise<void> {
    return this.redis.attempt(
      async () => {
        await this.counter(window).reward(key);
      },
      () => this.fallback.refund(window, key),
    );
  }

  private counter(window: RateWindow): RateLimiterAbstract {
    let counter = this.counters.get(window);
    if (!counter) {
      counter = new RateLimiterRedis({
        storeClient: this.redis.client,
        keyPrefix: `${KEY_PREFIX}:${window.name}`,
        points: window.count,
        duration: window.seconds,
        // A key over the limit is refused without asking Redis again, unless a refund could have changed that.
        inMemoryBlockOnConsumed: window.refundable ? 0 : window.count,
      });
      this.counters.set(window, counter);
    }
    return counter;
  }
}
