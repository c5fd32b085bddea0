import { trimEnds } from '../lib/text.js';
import { INVALID } from './messages.js';
import { Rule } from './rule.js';

/** RFC 3339, the seconds and their fraction left out where they are not meant. A `+` in a query may come as a space. */
const MOMENT =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?([Zz]|[+\- ]\d{2}:\d{2}))?$/;

const MILLISECONDS = { day: 86_400_000, minute: 60_000, second: 1000, millisecond: 1 };

/** Whether it is a day of the calendar: `Date` takes 30 February for 2 March. */
function isDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}

function readMoment(value: unknown, end: 'first' | 'last'): unknown {
  const [, day, time, second, fraction, zone] =
    MOMENT.exec(typeof value === 'string' ? trimEnds(value) : '') ?? [];
  if (day === undefined || !isDay(day)) return value;
  const unit = !time ? 'day' : !second ? 'minute' : !fraction ? 'second' : 'millisecond';
  const milliseconds = (fraction ?? '').slice(0, 3).padEnd(3, '0');
  const offset = (zone ?? 'Z').toUpperCase().replace(' ', '+');
  const start = Date.parse(`${day}T${time ?? '00:00'}:${second ?? '00'}.${milliseconds}${offset}`);
  if (Number.isNaN(start)) return value;
  return new Date(end === 'first' ? start : start + MILLISECONDS[unit] - 1);
}

/**
 * An optional moment of the query string, ISO 8601. A day alone (`2026-10-20`, in UTC) is that whole day, a time without
 * seconds or their fraction that whole minute or second.
 *
 * @param end which end of what it names is meant, to the millisecond
 */
export function IsQueryMoment(end: 'first' | 'last'): PropertyDecorator {
  return Rule({
    name: 'queryMoment',
    read: (value) => readMoment(value, end),
    check: (value) =>
      value === undefined || value === null || value === '' || value instanceof Date ? undefined : INVALID,
    schema: {
      anyOf: [
        { type: 'string', format: 'date-time' },
        { type: 'string', format: 'date' },
      ],
    },
  });
}
