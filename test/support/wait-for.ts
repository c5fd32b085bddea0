import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks until the condition holds (is neither false, null nor undefined, and throws nothing) and returns what it
 * gave; fails after the time-out with what the condition threw last.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeout = 5_000, interval = 20 }: { timeout?: number; interval?: number } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = performance.now() + timeout;
  for (;;) {
    let cause: unknown;
    try {
      const result = await condition();
      if (result !== false && result !== null && result !== undefined) {
        return result as NonNullable<Exclude<T, false>>;
      }
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) {
      throw new Error(`Waited ${timeout} ms in vain`, cause === undefined ? {} : { cause });
    }
    await delay(interval);
  }
}
