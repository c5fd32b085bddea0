import { retryDelay } from '#app/messaging/retry-delay.js';
import { expect, it } from 'vitest';

it('a retry waits about a second, then twice as long each time, at most five minutes', () => {
  for (let attempts = 1; attempts <= 30; attempts += 1) {
    const pause = Math.min(1_000 * 2 ** (attempts - 1), 300_000);
    const delays = Array.from({ length: 50 }, () => retryDelay(attempts));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0.75 * pause);
    expect(Math.max(...delays)).toBeLessThanOrEqual(1.25 * pause);
    expect(new Set(delays).size).toBeGreaterThan(10);
  }
});
