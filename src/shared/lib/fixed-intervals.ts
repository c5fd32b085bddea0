import { setTimeout as delay } from 'node:timers/promises';

/**
 * Does the work, then returns at the next multiple of `milliseconds` since the call. How long the response takes then
 * says nothing about the work, and the work is complete before the response is sent. The interval should be longer than
 * the work takes in the worst case. Errors are thrown at once.
 */
export async function respondAtFixedIntervals<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  await delay(milliseconds - ((performance.now() - start) % milliseconds));
  return result;
}
