import type { Limits, Rate, RateName } from '../../shared/config/limit-settings.js';
import type { LimitResult } from '../limit-result.js';

/** A fixed window of one limit: so many uses of one key within so many seconds of the first. */
export interface RateWindow extends Rate {
  /** Unique among the windows of all processes that share the counts. */
  readonly name: string;
  /** Whether uses may be refunded. Where not, a key over the limit stays over it until the window ends. */
  readonly refundable: boolean;
}

export interface WindowResult extends LimitResult {
  /** Whole seconds until the window ends and all uses are allowed again. */
  readonly resetAfter: number;
}

/** Counts uses in fixed windows. A team may bind a class of its own. */
export abstract class RateLimiter {
  /** Counts one use, atomically among all processes that share the counts. */
  abstract consume(window: RateWindow, key: string): Promise<WindowResult>;

  /** Takes one counted use back. */
  abstract refund(window: RateWindow, key: string): Promise<void>;
}

/** Counts nothing, for `RATE_LIMIT=off`. */
export class NoRateLimiter extends RateLimiter {
  override async consume(): Promise<WindowResult> {
    return { allowed: true, remaining: Infinity, retryAfter: 0, resetAfter: 0 };
  }

  override async refund(): Promise<void> {
    // Nothing was counted.
  }
}

export type RateWindows = Readonly<Record<RateName, readonly RateWindow[]>>;

/** The windows of all rates. */
export function rateWindows(limits: Limits, { refundable }: Pick<RateWindow, 'refundable'>): RateWindows {
  const windows = Object.entries(limits).flatMap(([name, figure]) =>
    typeof figure === 'object'
      ? [[name, figure.map((rate) => ({ ...rate, name: `${name}:${rate.seconds}`, refundable }))]]
      : [],
  );
  return Object.fromEntries(windows) as RateWindows;
}
