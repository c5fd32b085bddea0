import { setTimeout as delay } from 'node:timers/promises';

/**
 * Does the work and returns on the next beat: after `milliseconds`, or twice that, or three times ... So what was to
 * be done doesn't show in how long it took, and yet all of it is done before anything is answered. The beat should be
 * longer than the work takes in the worst case. What throws does so at once.
 */
export async function onTheBeat<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  await delay(milliseconds - ((performance.now() - start) % milliseconds));
  return result;
}
