import { DAY, HOUR, MINUTE, SECOND } from '../lib/duration.js';
import type { EnvironmentReader } from './environment.js';
import { SettingsError } from './settings-error.js';

/** So many within so much time. */
export interface Rate {
  readonly count: number;
  readonly seconds: number;
}

const MAX_COUNT = 1_000_000_000;

/**
 * Every figure of the contract's section 4 with the setting that changes it. Rates are written as `20/1h` (several:
 * `10/1m 100/1d`), durations as `30s`; the units are s, m, h and d.
 */
const FIGURES = {
  /** Requests of any kind. */
  requestsPerToken: rates('LIMIT_REQUESTS_PER_TOKEN', '300/1m'),
  requestsPerIp: rates('LIMIT_REQUESTS_PER_IP', '600/1m'),

  /** Wrong passwords for one account, in a row: so many are free, then each begins a pause that doubles. */
  passwordFailures: count('LIMIT_PASSWORD_FAILURES', 5),
  passwordPause: duration('LIMIT_PASSWORD_PAUSE', '30s'),
  passwordPauseMax: duration('LIMIT_PASSWORD_PAUSE_MAX', '1h'),
  /** From there on only a password reset helps. */
  passwordFailuresMax: count('LIMIT_PASSWORD_FAILURES_MAX', 100),
  signInFailuresPerIp: rates('LIMIT_SIGN_IN_FAILURES_PER_IP', '30/5m'),

  signUpsPerIp: rates('LIMIT_SIGN_UPS_PER_IP', '20/1h'),
  emailChecksPerIp: rates('LIMIT_EMAIL_CHECKS_PER_IP', '10/1m 100/1d'),

  /** Messages with a confirmation code. */
  codesPerDestination: rates('LIMIT_CODES_PER_DESTINATION', '1/60s'),
  codesPerAccount: rates('LIMIT_CODES_PER_ACCOUNT', '5/1h 10/1d'),
  codesPerPhone: rates('LIMIT_CODES_PER_PHONE', '5/1h 10/1d'),
  codesPerIp: rates('LIMIT_CODES_PER_IP', '20/1h'),

  codeAttempts: count('LIMIT_CODE_ATTEMPTS', 5),
  wrongCodesPerAccount: rates('LIMIT_WRONG_CODES_PER_ACCOUNT', '25/1d'),
  wrongCodesPerIp: rates('LIMIT_WRONG_CODES_PER_IP', '10/1h'),

  resetsPerAccount: rates('LIMIT_RESETS_PER_ACCOUNT', '1/60s 5/1h'),
  resetsPerIp: rates('LIMIT_RESETS_PER_IP', '20/1h'),

  /** A country prefix is paused when fewer than so many percent of its last codes were entered. */
  smsGuardCodes: count('LIMIT_SMS_GUARD_CODES', 50, { max: 1000 }),
  smsGuardPercent: count('LIMIT_SMS_GUARD_PERCENT', 5, { max: 100 }),
  smsGuardPause: duration('LIMIT_SMS_GUARD_PAUSE', '1h'),
};

type Figures = typeof FIGURES;

/** The figures as they are in force. Durations are in milliseconds. */
export type Limits = { readonly [Name in keyof Figures]: ReturnType<Figures[Name]['read']> };

/** The limits that are counted in windows of time. */
export type RateName = {
  [Name in keyof Limits]: Limits[Name] extends readonly Rate[] ? Name : never;
}[keyof Limits];

/** @throws SettingsError naming the first that is wrong */
export function readLimits(env: EnvironmentReader): Limits {
  const entries = Object.entries(FIGURES).map(([name, { setting, fallback, form, read }]) => {
    const text = env.text(setting) ?? fallback;
    try {
      return [name, read(text)];
    } catch {
      throw new SettingsError(`${setting} must be ${form}, not "${text}"`);
    }
  });
  return Object.freeze(Object.fromEntries(entries)) as Limits;
}

interface Figure<T> {
  readonly setting: string;
  readonly fallback: string;
  readonly form: string;
  /** Throws for what it can't read. */
  readonly read: (text: string) => T;
}

const MILLISECONDS: Record<string, number> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY };
/** What one timer of the process can wait for is a little more than that. */
const MAX_DURATION_MS = 24 * DAY;

function rates(setting: string, fallback: string): Figure<readonly Rate[]> {
  return {
    setting,
    fallback,
    form: 'one or more rates such as 20/1h (s, m, h or d)',
    read: (text) =>
      text.split(/[\s,]+/).map((rate) => {
        const [events = '', window = ''] = rate.split('/', 2);
        return { count: readCount(events), seconds: readDuration(window) / SECOND };
      }),
  };
}

function count(setting: string, fallback: number, { max = MAX_COUNT } = {}): Figure<number> {
  return {
    setting,
    fallback: String(fallback),
    form: `a whole number from 1 to ${max}`,
    read: (text) => readCount(text, max),
  };
}

function duration(setting: string, fallback: string): Figure<number> {
  return { setting, fallback, form: 'a duration such as 30s (s, m, h or d)', read: readDuration };
}

function readCount(text: string, max = MAX_COUNT): number {
  if (!/^[1-9]\d{0,9}$/.test(text) || Number(text) > max) throw new RangeError();
  return Number(text);
}

function readDuration(text: string): number {
  const [, amount = '', unit = ''] = /^([1-9]\d{0,8})([smhd])$/.exec(text) ?? [];
  const milliseconds = Number(amount) * (MILLISECONDS[unit] ?? Number.NaN);
  if (!(milliseconds <= MAX_DURATION_MS)) throw new RangeError();
  return milliseconds;
}
