import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { Limits } from '../../shared/config/limit-settings.js';
import { Moment } from '../../shared/database/columns.js';
import { after, MINUTE } from '../../shared/lib/duration.js';

/** A comparison that has not ended by then never will: its process is gone. */
const MAX_COMPARISON_MS = MINUTE;

/**
 * Whether a password may be compared now. `busy` is decided by the outcome of comparisons that still run.
 * `lockedOutFor` is in milliseconds.
 */
export type Admission = 'admitted' | 'busy' | { readonly lockedOutFor: number };

/**
 * The consecutive wrong passwords for one address, whether it has an account or not. The address is stored as a keyed
 * hash, so that the table does not tell who tried to sign in.
 */
@Entity('password_attempts')
@Index('password_attempts_address_digest_unique', ['addressDigest'], { unique: true })
@Index('password_attempts_attempted_at', ['attemptedAt'])
export class PasswordAttempts {
  @PrimaryGeneratedColumn({ unsigned: true })
  id: number;

  @Column({ type: 'varchar', length: 64 })
  addressDigest: string;

  /** Consecutive ones. */
  @Column({ type: 'int', unsigned: true })
  failures: number;

  /** Comparisons that have begun and not ended. */
  @Column({ type: 'int', unsigned: true })
  running: number;

  @Moment({ nullable: true })
  pausedUntil: Date | null;

  /** When the last comparison began. */
  @Moment()
  attemptedAt: Date;

  /**
   * Milliseconds for which every attempt is refused; 0 if none is. For an address that only a password reset unlocks it
   * is the longest pause: no time will help.
   */
  lockedOutFor(now: Date, limits: Limits): number {
    if (this.failures >= limits.passwordFailuresMax) return limits.passwordPauseMax;
    return Math.max(0, (this.pausedUntil?.getTime() ?? 0) - now.getTime());
  }

  /**
   * Begins a comparison. As many may run at once as may fail before the next pause, so that attempts made at once get
   * no further than attempts made one after the other.
   */
  begin(now: Date, limits: Limits): Admission {
    const lockedOutFor = this.lockedOutFor(now, limits);
    if (lockedOutFor > 0) return { lockedOutFor };
    if (after(this.attemptedAt, MAX_COMPARISON_MS) <= now) this.running = 0;
    if (this.running >= Math.max(1, limits.passwordFailures - this.failures)) return 'busy';
    this.running += 1;
    this.attemptedAt = now;
    return 'admitted';
  }

  /** The password was wrong. From a number of failures on, each begins a pause, twice as long as the one before. */
  fail(now: Date, limits: Limits): void {
    this.refund();
    this.failures += 1;
    const pauses = this.failures - limits.passwordFailures;
    if (pauses < 0) return;
    const pause = Math.min(limits.passwordPause * 2 ** pauses, limits.passwordPauseMax);
    this.pausedUntil = after(now, pause);
  }

  /** The password was right. */
  succeed(): void {
    this.refund();
    this.failures = 0;
    this.pausedUntil = null;
  }

  /** The comparison ended without a result, for example because the server was overloaded. */
  refund(): void {
    this.running = Math.max(0, this.running - 1);
  }
}
