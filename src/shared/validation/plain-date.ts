import { after, HOUR } from '../lib/duration.js';
import { INVALID } from './messages.js';
import { Rule, isBlank, optionalText } from './rule.js';

const EARLIEST = '1900-01-01';

function dateProblem(value: unknown): string | undefined {
  if (isBlank(value)) return undefined;
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value) || value < EARLIEST) return INVALID;
  const date = new Date(`${value}T00:00:00.000Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== value ? INVALID : undefined;
}

/** The zone that is furthest ahead: UTC+14. */
const FURTHEST_AHEAD_MS = 14 * HOUR;

/** The latest day that it is anywhere on earth at a moment. */
export function latestDate(moment: Date): string {
  return plainDate(after(moment, FURTHEST_AHEAD_MS));
}

/** The day of a moment in UTC, YYYY-MM-DD. */
export function plainDate(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** An optional real calendar date, YYYY-MM-DD, from 1900-01-01 on. It has no time zone, and so stays text. */
export function IsPlainDate(): PropertyDecorator {
  return Rule({
    name: 'plainDate',
    read: optionalText,
    check: dateProblem,
    schema: { type: 'string', format: 'date', nullable: true },
  });
}
