import type { Settings } from '../../shared/config/settings.js';
import type { SmsGuardState } from './sms-guard.service.js';
import type { SmsPrefix } from './sms-prefix.entity.js';

/** SMS with codes to the numbers of one country prefix. */
export class SmsPrefixResource {
  /** @example "+44" */
  prefix: string;
  /**
   * On this day.
   * @example 12
   */
  sent: number;
  /**
   * How many may be sent in a day.
   * @example 10000
   */
  budget: number;
  /**
   * How many of the last codes are looked at, at most 50 unless set otherwise; from the first again after a pause.
   * @example 50
   */
  lastCodes: number;
  /**
   * How many of these were entered.
   * @example 41
   */
  entered: number;
  /**
   * Until then nothing is sent; null where there is no pause.
   * @example "2026-11-20T16:30:00.000Z"
   */
  pausedUntil: Date | null;

  static of(row: SmsPrefix, day: string, budget: number, now: Date): SmsPrefixResource {
    return {
      prefix: `+${row.prefix}`,
      sent: row.sentOn(day),
      budget,
      lastCodes: row.outcomes.length,
      entered: row.entered,
      pausedUntil: row.isPaused(now) ? row.pausedUntil : null,
    };
  }
}

export class SmsGuardStateResource {
  /**
   * The day in UTC that the figures are about.
   * @example "2026-11-20"
   */
  day: string;
  /**
   * To all prefixes together, on this day.
   * @example 120
   */
  sent: number;
  /**
   * How many may be sent in a day.
   * @example 10000
   */
  budget: number;
  prefixes: SmsPrefixResource[];
}

export class SmsGuardResource {
  smsGuard: SmsGuardStateResource;

  static of({ day, sent, prefixes }: SmsGuardState, { sms }: Settings, now: Date): SmsGuardResource {
    return {
      smsGuard: {
        day,
        sent,
        budget: sms.dailyBudget,
        prefixes: prefixes.map((row) => SmsPrefixResource.of(row, day, sms.dailyBudgetPerPrefix, now)),
      },
    };
  }
}
