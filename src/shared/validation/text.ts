import { BLANK, INVALID, tooLong } from './messages.js';
import { Rule, isBlank, optionalText, trimmed } from './rule.js';

/**
 * Control characters, line and paragraph separators, and characters that change the reading direction. None belongs in
 * a name, and each can forge log lines, headers or what a screen shows.
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

/** A text that is used exactly as it was sent: a token, a code, a password to compare. */
export function IsRawText({ optional = false } = {}): PropertyDecorator {
  return Rule({
    name: 'rawText',
    check: (value) => {
      if (value === undefined || value === null || value === '') return optional ? undefined : BLANK;
      return typeof value === 'string' ? undefined : INVALID;
    },
    schema: { type: 'string' },
  });
}

/** The length in Unicode code points. */
export function codePoints(value: string): number {
  let count = 0;
  for (const _ of value) count++;
  return count;
}

/** Lower case without accents: the form in which names are searched and sorted, the same on every database. */
export function folded(value: string): string {
  return value
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .normalize('NFC');
}
