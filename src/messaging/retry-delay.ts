import { MINUTE, SECOND } from '../shared/lib/duration.js';

const FIRST = SECOND;
const LONGEST = 5 * MINUTE;
/** Every pause is up to a quarter shorter or longer, so that what failed together does not come back together. */
const JITTER = 0.25;

/** Milliseconds until the next attempt: about a second after the first, doubling to five minutes. */
export function retryDelay(attempts: number): number {
  const pause = Math.min(FIRST * 2 ** (attempts - 1), LONGEST);
  return Math.round(pause * (1 - JITTER + 2 * JITTER * Math.random()));
}
