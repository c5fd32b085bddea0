import { TooManyRequests } from '../shared/errors/index.js';
import { SECOND } from '../shared/lib/duration.js';

/** @param milliseconds until it is worth a try again */
export function tooManyFor(milliseconds: number): TooManyRequests {
  return new TooManyRequests(Math.max(1, Math.ceil(milliseconds / SECOND)));
}
