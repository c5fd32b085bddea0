import { Injectable } from '@nestjs/common';
import type { RateName } from '../shared/config/limit-settings.js';
import { Settings } from '../shared/config/settings.js';
import { WrongCredentials } from '../shared/errors/index.js';
import { currentClient } from './client-key.js';
import { LimitMetrics } from './limit-refusals.js';
import {
  RateLimiter,
  type RateWindow,
  type RateWindows,
  rateWindows,
  type Tally,
} from './rate-limiter/rate-limiter.js';
import { tooManyFor } from './limit-result.js';

/** The attempts of one key that this process is working on, and those that wait for them to turn out. */
class Line {
  members = 0;
  running = 0;
  /** How many were given back so far. */
  givenBack = 0;
  private readonly waiting: (() => void)[] = [];

  wait(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  end({ counts }: { counts: boolean }): void {
    this.running -= 1;
    if (!counts) this.givenBack += 1;
    const next = this.running === 0 ? this.waiting.splice(0) : this.waiting.splice(0, counts ? 0 : 1);
    for (const wake of next) wake();
  }
}

/**
 * The limits that count failures alone, by client address. Each attempt is counted before it is made and given back when it was none, so
 * that no number of attempts at once gets past the limit. Attempts that would be too many only if all those before
 * them fail wait for these, as far as they are in the same process.
 */
@Injectable()
export class FailureLimits {
  private readonly windows: RateWindows;
  private readonly lines = new Map<string, Line>();

  constructor(
    private readonly limiter: RateLimiter,
    private readonly settings: Settings,
    private readonly metrics: LimitMetrics,
  ) {
    this.windows = rateWindows(settings.limits, { givesBack: true });
  }

  /**
   * Makes an attempt of whoever makes the current request. It counts as a failure when it throws `WrongCredentials`.
   *
   * @throws TooManyRequests, and what `work` throws
   */
  async attempt<T>(name: RateName, work: () => Promise<T>): Promise<T> {
    const key = currentClient();
    if (!this.settings.rateLimit || key === null) return work();
    const id = `${name} ${key}`;
    const line = this.lines.get(id) ?? new Line();
    this.lines.set(id, line);
    line.members += 1;
    try {
      await this.reserve(name, key, line);
      return await this.run(name, key, line, work);
    } finally {
      line.members -= 1;
      if (line.members === 0) this.lines.delete(id);
    }
  }

  private async reserve(name: RateName, key: string, line: Line): Promise<void> {
    for (;;) {
      const { givenBack } = line;
      const refusal = await this.take(this.windows[name], key);
      if (refusal === null) break;
      if (line.running > 0) await line.wait();
      else if (line.givenBack === givenBack) {
        this.metrics.noteRefusal(name);
        throw tooManyFor(refusal.resetsIn);
      }
    }
    line.running += 1;
  }

  private async run<T>(name: RateName, key: string, line: Line, work: () => Promise<T>): Promise<T> {
    let counts = false;
    try {
      return await work();
    } catch (error) {
      counts = error instanceof WrongCredentials;
      throw error;
    } finally {
      try {
        if (!counts) await this.giveBack(this.windows[name], key);
      } finally {
        line.end({ counts });
      }
    }
  }

  /** Counts in all windows, or in none: what is refused is no failure. */
  private async take(windows: readonly RateWindow[], key: string): Promise<Tally | null> {
    for (const [index, window] of windows.entries()) {
      const tally = await this.limiter.take(window, key);
      if (!tally.isWithin) {
        await this.giveBack(windows.slice(0, index + 1), key);
        return tally;
      }
    }
    return null;
  }

  private async giveBack(windows: readonly RateWindow[], key: string): Promise<void> {
    for (const window of windows) await this.limiter.giveBack(window, key);
  }
}
