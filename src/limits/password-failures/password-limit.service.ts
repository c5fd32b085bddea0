import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../shared/config/settings.js';
import { derivedKey } from '../../shared/lib/derived-key.js';
import { UnitOfWork } from '../../shared/database/unit-of-work.js';
import type { TooManyRequests } from '../../shared/errors/index.js';
import { Clock } from '../../shared/lib/clock.js';
import { SECOND } from '../../shared/lib/duration.js';
import { LimitMetrics } from '../limit-metrics.js';
import { tooManyFor } from '../too-many.js';
import type { Admission, PasswordAttempts } from './password-attempts.entity.js';
import { PasswordAttemptsRepository } from './password-attempts.repository.js';

/** How long an attempt waits for others on the same address to turn out; who waits longer is told to come back. */
const PATIENCE_MS = 8 * SECOND;
const POLL_INTERVAL_MS = 25;

/**
 * Wrong passwords in a row, by address: a few are free, then each begins a pause twice as long as the one before, and
 * in the end only a password reset helps. Kept in the database, see docs/decisions.
 */
@Injectable()
export class PasswordLimit {
  /** The attempts of this process wait here for their turn, so that only one of an address asks the database. */
  private readonly lines = new Map<string, Promise<unknown>>();
  private readonly key: Buffer;

  constructor(
    private readonly attempts: PasswordAttemptsRepository,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly metrics: LimitMetrics,
  ) {
    this.key = derivedKey(settings.appSecret, 'password attempts');
  }

  /**
   * Compares a password, as one attempt on the account of this address. The attempt is noted before it is made: any
   * number at once get no further than one after the other.
   *
   * @param email normalised; it need not have an account
   * @param compare whether the password is right
   * @throws TooManyRequests in a pause, be the password right or wrong
   */
  async attempt(email: string, compare: () => Promise<boolean>): Promise<boolean> {
    if (!this.settings.rateLimit) return compare();
    const digest = this.digest(email);
    await this.lookUp(digest);
    await this.inTurn(digest, () => this.begin(digest));
    try {
      const isRight = await compare();
      await this.settle(digest, (attempts, now) => {
        if (isRight) attempts.succeed();
        else attempts.fail(now, this.settings.limits);
      });
      return isRight;
    } catch (error) {
      await this.settle(digest, (attempts) => attempts.end());
      throw error;
    }
  }

  /** Starts anew: the address has a new password, a new account, or none any more. */
  async clear(email: string): Promise<void> {
    const attempts = await this.attempts.find(this.digest(email));
    if (attempts) await this.attempts.delete(attempts.id);
  }

  /** Makes sure that there is a row. A pause is told from it without a lock or a line: an attack costs little. */
  private async lookUp(digest: string): Promise<void> {
    const now = this.clock.now();
    const attempts = await this.attempts.find(digest);
    if (!attempts) return this.attempts.ensure(digest, now);
    const refusedFor = attempts.refusedFor(now, this.settings.limits);
    if (refusedFor > 0) throw this.refusal(refusedFor);
  }

  private async begin(digest: string): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const admission = await this.admit(digest);
      if (admission === 'granted') return;
      if (typeof admission === 'object') throw this.refusal(admission.refusedFor);
      // A new password has just taken the row away.
      if (admission === 'missing') await this.attempts.ensure(digest, this.clock.now());
      const patience = deadline - performance.now();
      if (patience <= 0) throw this.refusal(SECOND);
      await delay(Math.min(POLL_INTERVAL_MS, patience));
    }
  }

  private admit(digest: string): Promise<Admission | 'missing'> {
    const now = this.clock.now();
    return this.db.run(async () => {
      const attempts = await this.attempts.lock(digest);
      if (!attempts) return 'missing';
      const admission = attempts.begin(now, this.settings.limits);
      if (admission === 'granted') await this.attempts.save(attempts);
      return admission;
    });
  }

  private refusal(milliseconds: number): TooManyRequests {
    this.metrics.noteRefusal('passwordFailures');
    return tooManyFor(milliseconds);
  }

  private async settle(
    digest: string,
    change: (attempts: PasswordAttempts, now: Date) => void,
  ): Promise<void> {
    await this.db.run(async () => {
      const attempts = await this.attempts.lock(digest);
      if (!attempts) return;
      change(attempts, this.clock.now());
      await this.attempts.save(attempts);
    });
  }

  private async inTurn<T>(digest: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.lines.get(digest) ?? Promise.resolve()).then(work);
    const end = turn.catch(() => undefined);
    this.lines.set(digest, end);
    try {
      return await turn;
    } finally {
      if (this.lines.get(digest) === end) this.lines.delete(digest);
    }
  }

  private digest(email: string): string {
    return createHmac('sha256', this.key).update(email).digest('hex');
  }
}
