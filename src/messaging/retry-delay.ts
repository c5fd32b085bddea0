import { MINUTE, SECOND } from '../shared/lib/duration.js';

const FIRST = SECOND;
const LONGEST = 5 * MINUTE;
/** Up to a quarter shorter or longer, so that messages that failed together are not retried together. */
const JITTER = 0.25;

/** Exponential back-off: milliseconds until the next attempt, about a second after the first, doubling to five minutes. */
export function retryDelay(attempts: number): number {
  const pause = Math.min(FIRST * 2 ** (attempts - 1), LONGEST);
  return Math.round(pause * (1 - JITTER + 2 * JITTER * Math.random()));
}
