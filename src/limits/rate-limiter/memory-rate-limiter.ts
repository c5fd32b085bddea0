import { SECOND } from '../../shared/lib/duration.js';
import { wholeSeconds } from '../limit-result.js';
import { RateLimiter, type RateWindow, type WindowResult } from './rate-limiter.js';

/**
 * How many keys one window counts at the most, some 20 MB of them. Clients choose their keys: an IPv6 /44 alone has a
 * million /64s, and what strangers can fill must have an end.
 */
const MAX_KEYS = 100_000;
/** How many of the oldest keys are looked at for one that may go. */
const CANDIDATES = 32;

interface Count {
  uses: number;
  /** In milliseconds since 1970. */
  readonly endsAt: number;
}

/** Counts in this process alone, in bounded memory. */
export class MemoryRateLimiter extends RateLimiter {
  private readonly counters = new Map<string, WindowCounter>();

  constructor(private readonly maxKeys = MAX_KEYS) {
    super();
  }

  override consume(window: RateWindow, key: string): Promise<WindowResult> {
    return Promise.resolve(this.counter(window).consume(key, Date.now()));
  }

  override refund(window: RateWindow, key: string): Promise<void> {
    this.counter(window).refund(key, Date.now());
    return Promise.resolve();
  }

  /** How many keys are counted, in all windows. */
  get size(): number {
    return [...this.counters.values()].reduce((sum, counter) => sum + counter.size, 0);
  }

  private counter(window: RateWindow): WindowCounter {
    let counter = this.counters.get(window.name);
    if (!counter) {
      counter = new WindowCounter(window, this.maxKeys);
      this.counters.set(window.name, counter);
    }
    return counter;
  }
}

/** The keys of one window, the oldest first: as all last equally long, that one also ends first. */
class WindowCounter {
  private readonly counts = new Map<string, Count>();

  constructor(
    private readonly window: RateWindow,
    private readonly maxKeys: number,
  ) {}

  get size(): number {
    return this.counts.size;
  }

  consume(key: string, now: number): WindowResult {
    const count = this.current(key, now) ?? this.begin(key, now);
    count.uses += 1;
    const remaining = Math.max(0, this.window.count - count.uses);
    const resetAfter = wholeSeconds(count.endsAt - now);
    return {
      allowed: count.uses <= this.window.count,
      remaining,
      retryAfter: remaining > 0 ? 0 : resetAfter,
      resetAfter,
    };
  }

  refund(key: string, now: number): void {
    const count = this.current(key, now);
    if (count) count.uses -= 1;
  }

  private current(key: string, now: number): Count | undefined {
    const count = this.counts.get(key);
    if (count === undefined || count.endsAt > now) return count;
    this.counts.delete(key);
    return undefined;
  }

  private begin(key: string, now: number): Count {
    this.dropEnded(now);
    if (this.counts.size >= this.maxKeys) this.dropOne();
    const count = { uses: 0, endsAt: now + this.window.seconds * SECOND };
    this.counts.set(key, count);
    return count;
  }

  private dropEnded(now: number): void {
    for (const [key, { endsAt }] of this.counts) {
      if (endsAt > now) return;
      this.counts.delete(key);
    }
  }

  /** The oldest goes, unless it is refused just now: filling the memory must not lift a refusal. */
  private dropOne(): void {
    let looked = 0;
    for (const [key, { uses }] of this.counts) {
      if (uses < this.window.count || ++looked === CANDIDATES) {
        this.counts.delete(key);
        return;
      }
    }
  }
}
