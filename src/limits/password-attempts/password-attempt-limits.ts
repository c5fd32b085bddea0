import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../shared/config/settings.js';
import { UnitOfWork } from '../../shared/database/unit-of-work.js';
import type { TooManyRequests } from '../../shared/errors/index.js';
import { Clock } from '../../shared/lib/clock.js';
import { derivedKey } from '../../shared/lib/derived-key.js';
import { SECOND } from '../../shared/lib/duration.js';
import { KeyedQueue } from '../../shared/lib/keyed-queue.js';
import { LimitRefusals } from '../limit-refusals.js';
import { wholeSeconds } from '../limit-result.js';
import type { Admission, PasswordAttempts } from './password-attempts.entity.js';
import { PasswordAttemptsRepository } from './password-attempts.repository.js';

/** How long an attempt waits for the outcome of others on the same address, before it is refused. */
const MAX_WAIT_MS = 8 * SECOND;
const POLL_INTERVAL_MS = 25;

/**
 * Lockout after consecutive wrong passwords, by address: a few are free, then each begins a pause twice as long as the
 * one before, and in the end only a password reset unlocks the address. Kept in the database (docs/decisions, 9).
 */
@Injectable()
export class PasswordAttemptLimits {
  /** Attempts of this process on one address are admitted one at a time, so that only one polls the database. */
  private readonly admissions = new KeyedQueue();
  private readonly key: Buffer;

  constructor(
    private readonly passwordAttemptsRepository: PasswordAttemptsRepository,
    private readonly limitRefusals: LimitRefusals,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {
    this.key = derivedKey(settings.appSecret, 'password attempts');
  }

  /**
   * Compares a password, as one attempt on the account of this address. The attempt is counted before it is made, so
   * that attempts made at once get no further than attempts made one after the other. A right password refunds all.
   *
   * @param email normalised; it need not have an account
   * @param compare whether the password is right
   * @throws TooManyRequests in a pause, whether or not the password is right
   */
  async consume(email: string, compare: () => Promise<boolean>): Promise<boolean> {
    if (!this.settings.rateLimit) return compare();
    const digest = this.digest(email);
    await this.prepare(digest);
    await this.admissions.run(digest, () => this.begin(digest));
    try {
      const isRight = await compare();
      await this.settle(digest, (attempts, now) => {
        if (isRight) attempts.succeed();
        else attempts.fail(now, this.settings.limits);
      });
      return isRight;
    } catch (error) {
      await this.settle(digest, (attempts) => attempts.refund());
      throw error;
    }
  }

  /** Refunds all failures: the address has a new password, a new account, or no account any more. */
  async refundAll(email: string): Promise<void> {
    const attempts = await this.passwordAttemptsRepository.find(this.digest(email));
    if (attempts) await this.passwordAttemptsRepository.delete(attempts.id);
  }

  /** Makes sure that there is a row. A pause is seen here without a lock or a queue: refusing an attack costs little. */
  private async prepare(digest: string): Promise<void> {
    const now = this.clock.now();
    const attempts = await this.passwordAttemptsRepository.find(digest);
    if (!attempts) return this.passwordAttemptsRepository.ensure(digest, now);
    const lockedOutFor = attempts.lockedOutFor(now, this.settings.limits);
    if (lockedOutFor > 0) throw this.refusal(lockedOutFor);
  }

  private async begin(digest: string): Promise<void> {
    const deadline = performance.now() + MAX_WAIT_MS;
    for (;;) {
      const admission = await this.admit(digest);
      if (admission === 'admitted') return;
      if (typeof admission === 'object') throw this.refusal(admission.lockedOutFor);
      // A new password has just deleted the row.
      if (admission === 'missing') await this.passwordAttemptsRepository.ensure(digest, this.clock.now());
      const timeLeft = deadline - performance.now();
      if (timeLeft <= 0) throw this.refusal(SECOND);
      await delay(Math.min(POLL_INTERVAL_MS, timeLeft));
    }
  }

  private admit(digest: string): Promise<Admission | 'missing'> {
    const now = this.clock.now();
    return this.db.run(async () => {
      const attempts = await this.passwordAttemptsRepository.lock(digest);
      if (!attempts) return 'missing';
      const admission = attempts.begin(now, this.settings.limits);
      if (admission === 'admitted') await this.passwordAttemptsRepository.save(attempts);
      return admission;
    });
  }

  private refusal(milliseconds: number): TooManyRequests {
    return this.limitRefusals.refuse('passwordFailures', { retryAfter: wholeSeconds(milliseconds) });
  }

  private async settle(
    digest: string,
    change: (attempts: PasswordAttempts, now: Date) => void,
  ): Promise<void> {
    await this.db.run(async () => {
      const attempts = await this.passwordAttemptsRepository.lock(digest);
      if (!attempts) return;
      change(attempts, this.clock.now());
      await this.passwordAttemptsRepository.save(attempts);
    });
  }

  private digest(email: string): string {
    return createHmac('sha256', this.key).update(email).digest('hex');
  }
}
