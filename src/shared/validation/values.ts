import { BLANK, INVALID, NOT_AN_INTEGER, NOT_IN_LIST, atLeast, atMost } from './messages.js';
import { Rule } from './rule.js';

/** Converts a string of digits into a number. */
export function readInteger(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
}

function isAbsent(value: unknown): value is null | undefined | '' {
  return value === undefined || value === null || value === '';
}

interface IntegerOptions {
  readonly min?: number;
  readonly max?: number;
  readonly optional?: boolean;
}

/** A whole number, or a string of its digits. */
export function IsInteger({ min, max, optional = false }: IntegerOptions = {}): PropertyDecorator {
  return Rule({
    name: 'integer',
    read: readInteger,
    check: (value) => {
      if (isAbsent(value)) return optional ? undefined : BLANK;
      if (Array.isArray(value) && optional) return INVALID;
      if (!Number.isInteger(value)) return NOT_AN_INTEGER;
      if (min !== undefined && (value as number) < min) return atLeast(min);
      if (max !== undefined && (value as number) > max) return atMost(max);
      return undefined;
    },
    schema: {
      type: 'integer',
      ...(min === undefined ? {} : { minimum: min }),
      ...(max === undefined ? {} : { maximum: max }),
    },
  });
}

/** A boolean of a JSON body. Where it is optional, null counts as absent. */
export function IsFlag({ optional = false } = {}): PropertyDecorator {
  return Rule({
    name: 'flag',
    read: (value) => (optional && value === null ? undefined : value),
    check: (value) => {
      if (typeof value === 'boolean' || (optional && value === undefined)) return undefined;
      return !optional && isAbsent(value) ? BLANK : INVALID;
    },
    schema: { type: 'boolean' },
  });
}

const QUERY_BOOLEANS = new Map<unknown, boolean>([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** An optional boolean of the query string: `true`, `false`, `1` or `0`. */
export function IsQueryFlag(): PropertyDecorator {
  return Rule({
    name: 'queryBoolean',
    read: (value) => QUERY_BOOLEANS.get(value) ?? value,
    check: (value) => (isAbsent(value) || typeof value === 'boolean' ? undefined : INVALID),
    schema: { type: 'boolean' },
  });
}

interface ChoiceOptions {
  readonly optional?: boolean;
  readonly read?: (value: string) => string;
}

/** One of a list of words. */
export function IsOneOf(
  choices: readonly string[],
  { optional = false, read }: ChoiceOptions = {},
): PropertyDecorator {
  return Rule({
    name: 'choice',
    read: (value) => (typeof value === 'string' && read ? read(value) : value),
    check: (value) => {
      if (isAbsent(value)) return optional ? undefined : BLANK;
      if (typeof value !== 'string') return INVALID;
      return choices.includes(value) ? undefined : NOT_IN_LIST;
    },
    schema: { type: 'string', enum: [...choices] },
  });
}
