import { SECOND } from '../shared/lib/duration.js';

/** What a limit says when it is consumed. */
export interface LimitResult {
  readonly allowed: boolean;
  /** How many more uses are allowed now; Infinity where nothing is limited. */
  readonly remaining: number;
  /** Whole seconds until the next use is allowed; 0 is at once. */
  readonly retryAfter: number;
}

/** As `Retry-After` says it: whole seconds, and not so few that a client tries in vain. */
export function wholeSeconds(milliseconds: number): number {
  return Math.ceil(Math.max(0, milliseconds) / SECOND);
}
