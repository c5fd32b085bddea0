import type { Limits, Rate, RateName } from '../../shared/config/limit-settings.js';

/** One window of one limit: so many events of one key within so many seconds of the first. */
export interface RateWindow extends Rate {
  /** Tells it from all others, in every process that shares the counts. */
  readonly name: string;
  /** Whether events may be given back. Where not, who is over the limit stays over it until the window ends. */
  readonly givesBack: boolean;
}

export interface Tally {
  readonly isWithin: boolean;
  /** Events that are left in this window. */
  readonly remaining: number;
  /** Milliseconds until the window ends and counting starts anew. */
  readonly resetsIn: number;
}

/** Counts events in windows of time. A team may put its own in this place. */
export abstract class RateLimiter {
  /** Counts one event, atomically among all who share the counts. */
  abstract take(window: RateWindow, key: string): Promise<Tally>;

  /** Takes one event back that was counted and turned out to be none. */
  abstract giveBack(window: RateWindow, key: string): Promise<void>;
}

export type RateWindows = Readonly<Record<RateName, readonly RateWindow[]>>;

/** The windows of all rates. */
export function rateWindows(limits: Limits, { givesBack }: Pick<RateWindow, 'givesBack'>): RateWindows {
  const windows = Object.entries(limits).flatMap(([name, figure]) =>
    typeof figure === 'object'
      ? [[name, figure.map((rate) => ({ ...rate, name: `${name}:${rate.seconds}`, givesBack }))]]
      : [],
  );
  return Object.fromEntries(windows) as RateWindows;
}
