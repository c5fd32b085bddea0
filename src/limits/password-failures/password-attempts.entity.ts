import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { Limits } from '../../shared/config/limit-settings.js';
import { Moment } from '../../shared/database/columns.js';
import { after, MINUTE } from '../../shared/lib/duration.js';

/** A comparison that has not ended by then never will: its process is gone. */
const ATTEMPT_LASTS_AT_MOST_MS = MINUTE;

/** Whether a password may be compared now; `busy` depends on how comparisons turn out that have not ended yet. */
export type Admission = 'granted' | 'busy' | { readonly refusedFor: number };

/**
 * The wrong passwords in a row for one address, whether it has an account or not. The address is a keyed hash, so that
 * the table tells nobody who tried to sign in.
 */
@Entity('password_attempts')
@Index('password_attempts_address_digest_unique', ['addressDigest'], { unique: true })
@Index('password_attempts_attempted_at', ['attemptedAt'])
export class PasswordAttempts {
  @PrimaryGeneratedColumn({ unsigned: true })
  id: number;

  @Column({ type: 'varchar', length: 64 })
  addressDigest: string;

  /** In a row. */
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
   * Milliseconds for which every attempt is refused; 0 if none is. An address that only a password reset opens is told
   * the longest pause: no time will help.
   */
  refusedFor(now: Date, limits: Limits): number {
    if (this.failures >= limits.passwordFailuresMax) return limits.passwordPauseMax;
    return Math.max(0, (this.pausedUntil?.getTime() ?? 0) - now.getTime());
  }

  /**
   * Begins a comparison. As many may run at once as may fail before the next pause, so that those who arrive together
   * get no more tries than those who come one after the other.
   */
  begin(now: Date, limits: Limits): Admission {
    const refusedFor = this.refusedFor(now, limits);
    if (refusedFor > 0) return { refusedFor };
    if (after(this.attemptedAt, ATTEMPT_LASTS_AT_MOST_MS) <= now) this.running = 0;
    if (this.running >= Math.max(1, limits.passwordFailures - this.failures)) return 'busy';
    this.running += 1;
    this.attemptedAt = now;
    return 'granted';
  }

  /** The password was wrong. */
  fail(now: Date, limits: Limits): void {
    this.end();
    this.failures += 1;
    const pauses = this.failures - limits.passwordFailures;
    if (pauses < 0) return;
    const pause = Math.min(limits.passwordPause * 2 ** pauses, limits.passwordPauseMax);
    this.pausedUntil = after(now, pause);
  }

  /** The password was right. */
  succeed(): void {
    this.end();
    this.failures = 0;
    this.pausedUntil = null;
  }

  /** The comparison came to nothing: too much to do, a lost connection. */
  end(): void {
    this.running = Math.max(0, this.running - 1);
  }
}
