import { expect, it } from 'vitest';
import { MemoryRateLimiter } from '#app/limits/rate-limiter/memory-rate-limiter.js';

const window = { name: 'test:60', count: 2, seconds: 60, refundable: false };

it('counts uses of a key up to the limit, and refunds them', async () => {
  const limiter = new MemoryRateLimiter();
  expect(await limiter.consume(window, 'a')).toMatchObject({ allowed: true, remaining: 1 });
  expect(await limiter.consume(window, 'a')).toMatchObject({ allowed: true, remaining: 0 });
  expect(await limiter.consume(window, 'a')).toMatchObject({ allowed: false, remaining: 0 });
  await limiter.refund(window, 'a');
  await limiter.refund(window, 'a');
  expect(await limiter.consume(window, 'a')).toMatchObject({ allowed: true });
  expect(await limiter.consume(window, 'b')).toMatchObject({ allowed: true, remaining: 1 });
});

it('a million keys of strangers take the memory of as many as are kept, and lift no refusal', async () => {
  const limiter = new MemoryRateLimiter(1000);
  for (let use = 0; use < 3; use++) await limiter.consume(window, 'refused');
  for (let key = 0; key < 1_000_000; key++)
    await limiter.consume(window, `2001:db8:${key.toString(16)}::/64`);
  expect(limiter.size).toBe(1000);
  expect(await limiter.consume(window, 'refused')).toMatchObject({ allowed: false });
});
