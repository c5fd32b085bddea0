import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Limits } from '../../shared/config/limit-settings.js';
import { Moment } from '../../shared/database/columns.js';
import { after } from '../../shared/lib/duration.js';

/** The row that counts all prefixes together. */
export const ALL_PREFIXES = '*';

const SENT = '0';
const ENTERED = '1';

type GuardFigures = Pick<Limits, 'smsGuardCodes' | 'smsGuardPercent' | 'smsGuardPause'>;

/** How many SMS with codes went to the numbers of one country prefix, and how many of the codes were entered. */
@Entity('sms_prefixes')
export class SmsPrefix {
  /** A country's calling code without `+`, or `*`. */
  @PrimaryColumn({ type: 'varchar', length: 8 })
  prefix: string;

  /** The day in UTC that `sent` is about. */
  @Column({ type: 'date' })
  day: string;

  @Column({ type: 'int', unsigned: true })
  sent: number;

  /** The last day on which an SMS was withheld because of the budget. */
  @Column({ type: 'date', nullable: true })
  overBudgetOn: string | null;

  /** The number of the last code; they are numbered from 1 for ever. */
  @Column({ type: 'int', unsigned: true })
  lastCode: number;

  /** A digit for each of the last codes, the newest last: whether it was entered. Starts anew with a pause. */
  @Column({ type: 'varchar', length: 1000 })
  outcomes: string;

  @Moment({ nullable: true })
  pausedUntil: Date | null;

  static startingOn(prefix: string, day: string): SmsPrefix {
    return Object.assign(new SmsPrefix(), {
      prefix,
      day,
      sent: 0,
      overBudgetOn: null,
      lastCode: 0,
      outcomes: '',
      pausedUntil: null,
    });
  }

  sentOn(day: string): number {
    return this.day === day ? this.sent : 0;
  }

  isPaused(now: Date): boolean {
    return this.pausedUntil !== null && this.pausedUntil > now;
  }

  get entered(): number {
    return this.outcomes.split(ENTERED).length - 1;
  }

  /** Whether so few of the last codes were entered that SMS pumping is likely. */
  looksAbused({ smsGuardCodes, smsGuardPercent }: GuardFigures): boolean {
    const known = this.outcomes.length;
    return known >= smsGuardCodes && this.entered * 100 < smsGuardPercent * known;
  }

  /** Starts the counting of codes anew: those that led to this pause would lead to the next one at once. */
  pause(now: Date, { smsGuardPause }: GuardFigures): Date {
    this.pausedUntil = after(now, smsGuardPause);
    this.outcomes = '';
    return this.pausedUntil;
  }

  liftPause(): void {
    this.pausedUntil = null;
  }

  countSent(day: string): void {
    this.sent = this.sentOn(day) + 1;
    this.day = day;
  }

  /** @returns whether it is the first time today */
  recordOverBudget(day: string): boolean {
    const isFirst = this.overBudgetOn !== day;
    this.overBudgetOn = day;
    return isFirst;
  }

  /** @returns the code's number */
  addCode({ smsGuardCodes }: GuardFigures): number {
    this.outcomes = (this.outcomes + SENT).slice(-smsGuardCodes);
    this.lastCode += 1;
    return this.lastCode;
  }

  recordEntered(code: number): void {
    const index = this.outcomes.length - 1 - (this.lastCode - code);
    if (this.outcomes[index] === undefined) return;
    this.outcomes = this.outcomes.slice(0, index) + ENTERED + this.outcomes.slice(index + 1);
  }
}
