import { Injectable } from '@nestjs/common';
import type { RateName } from '../shared/config/limit-settings.js';
import { Settings } from '../shared/config/settings.js';
import { WrongCredentials } from '../shared/errors/index.js';
import { KeyedQueue } from '../shared/lib/keyed-queue.js';
import { currentClient } from './client-key.js';
import { LimitRefusals } from './limit-refusals.js';
import type { LimitResult } from './limit-result.js';
import { RateLimiter, type RateWindow, type RateWindows, rateWindows } from './rate-limiter/rate-limiter.js';

interface Running<T> {
  readonly result: Promise<T>;
}

/**
 * The limits that count failures only, by client address, in fixed windows. Every attempt consumes the limit before
 * it starts and is refunded unless it fails, so that attempts made at once get no further than attempts made one after
 * the other. An attempt that would be too many only if all running ones fail waits for these, as far as they run in
 * this process.
 */
@Injectable()
export class FailureLimits {
  private readonly windows: RateWindows;
  /** In which each subject of a client counts once. */
  private readonly subjectWindows: RateWindows;
  /** Attempts of one client are admitted one at a time; the others wait behind the one that waits for running ones. */
  private readonly admissions = new KeyedQueue();
  /** For each client with running attempts, their ends. An end comes after the refund and never rejects. */
  private readonly running = new Map<string, Set<Promise<void>>>();

  constructor(
    private readonly rateLimiter: RateLimiter,
    private readonly limitRefusals: LimitRefusals,
    { limits }: Settings,
  ) {
    this.windows = rateWindows(limits, { refundable: true });
    this.subjectWindows = rateWindows(limits, { refundable: true, once: true });
  }

  /**
   * Runs one attempt of the client that makes the current request. It is a failure when it throws `WrongCredentials`.
   *
   * @param options.subject where the limit counts subjects (accounts) on which attempts failed, not failures: further
   *   failures on the same one within the window cost nothing
   * @throws TooManyRequests, and what `attempt` throws
   */
  async consume<T>(
    name: RateName,
    attempt: () => Promise<T>,
    { subject }: { subject?: string } = {},
  ): Promise<T> {
    const key = currentClient();
    if (key === null) return attempt();
    const { result } = await (subject === undefined
      ? this.begin(name, key, attempt)
      : this.beginOnSubject(name, key, `${key} ${subject}`, attempt));
    return result;
  }

  /** @returns the running attempt, in an object, so that waiting for its admission is not waiting for its end */
  private begin<T>(name: RateName, key: string, attempt: () => Promise<T>): Promise<Running<T>> {
    const client = `${name} ${key}`;
    return this.admissions.run(client, async () => {
      await this.admit(name, key, client);
      return { result: this.start(client, () => this.settle(this.windows[name], key, attempt)) };
    });
  }

  /** One at a time for each subject: the first decides whether the subject counts, and the others wait for that. */
  private beginOnSubject<T>(
    name: RateName,
    key: string,
    subjectKey: string,
    attempt: () => Promise<T>,
  ): Promise<Running<T>> {
    const windows = this.subjectWindows[name];
    return this.admissions.run(`${name} ${subjectKey}`, async () => {
      const { allowed: isFirst } = await this.consumeAll(windows, subjectKey);
      if (!isFirst) return { result: attempt() };
      try {
        return await this.begin(name, key, () => this.settle(windows, subjectKey, attempt));
      } catch (error) {
        await this.refundAll(windows, subjectKey);
        throw error;
      }
    });
  }

  private async admit(name: RateName, key: string, client: string): Promise<void> {
    for (;;) {
      // Read before the limit is consumed: if one ends meanwhile, its refund is still worth another look.
      const earlier = [...(this.running.get(client) ?? [])];
      const result = await this.consumeAll(this.windows[name], key);
      if (result.allowed) return;
      if (earlier.length === 0) throw this.limitRefusals.refuse(name, result);
      await Promise.race(earlier);
    }
  }

  private start<T>(client: string, attempt: () => Promise<T>): Promise<T> {
    const running = this.running.get(client) ?? new Set();
    this.running.set(client, running);
    const result = attempt();
    const remove = (): void => {
      running.delete(end);
      if (running.size === 0) this.running.delete(client);
    };
    const end = result.then(remove, remove);
    running.add(end);
    return result;
  }

  private async settle<T>(
    windows: readonly RateWindow[],
    key: string,
    attempt: () => Promise<T>,
  ): Promise<T> {
    let failed = false;
    try {
      return await attempt();
    } catch (error) {
      failed = error instanceof WrongCredentials;
      throw error;
    } finally {
      if (!failed) await this.refundAll(windows, key);
    }
  }

  /** Consumes all windows or none: a refused attempt is no failure. */
  private async consumeAll(
    windows: readonly RateWindow[],
    key: string,
  ): Promise<Pick<LimitResult, 'allowed' | 'retryAfter'>> {
    for (const [index, window] of windows.entries()) {
      const result = await this.rateLimiter.consume(window, key);
      if (!result.allowed) {
        await this.refundAll(windows.slice(0, index + 1), key);
        return result;
      }
    }
    return { allowed: true, retryAfter: 0 };
  }

  private async refundAll(windows: readonly RateWindow[], key: string): Promise<void> {
    for (const window of windows) await this.rateLimiter.refund(window, key);
  }
}
