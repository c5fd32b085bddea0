import { cleanCode, codePoints } from '../lib/text.js';
import { BLANK, INVALID, tooLong } from './messages.js';
import { Rule, isBlank, optionalText, trimmed } from './rule.js';

/**
 * Control characters, line and paragraph separators, and those that turn the reading direction around: none belongs
 * in a name, each can forge what a log line, a header or a person's screen shows.
 */
const CONTROL = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

interface TextOptions {
  readonly max: number;
  readonly optional?: boolean;
}

/** What is wrong with a line of text of 1 to `max` characters (Unicode code points). */
export function textProblem(value: unknown, { max, optional = false }: TextOptions): string | undefined {
  if (isBlank(value)) return optional ? undefined : BLANK;
  if (typeof value !== 'string' || !value.isWellFormed() || CONTROL.test(value)) return INVALID;
  return codePoints(value) > max ? tooLong(max) : undefined;
}

/** A trimmed line of text without control characters. */
export function IsText(options: TextOptions): PropertyDecorator {
  return Rule({
    name: 'text',
    read: options.optional ? optionalText : trimmed,
    check: (value) => textProblem(value, options),
    schema: { type: 'string', minLength: 1, maxLength: options.max },
  });
}

/** A code that a person types or pastes: spaces, dashes and format characters don't count, digits may be of any script. */
export function IsCode(): PropertyDecorator {
  return Rule({
    name: 'code',
    read: (value) => (typeof value === 'string' ? cleanCode(value) : value),
    check: (value) => {
      if (isBlank(value)) return BLANK;
      return typeof value === 'string' ? undefined : INVALID;
    },
    schema: { type: 'string' },
  });
}

/** A text that is taken exactly as it was sent: a token, a password that is only compared. */
export function IsRawText({ optional = false } = {}): PropertyDecorator {
  return Rule({
    name: 'verbatim',
    check: (value) => {
      if (value === undefined || value === null || value === '') return optional ? undefined : BLANK;
      return typeof value === 'string' ? undefined : INVALID;
    },
    schema: { type: 'string' },
  });
}
