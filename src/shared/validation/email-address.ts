import { BLANK, INVALID, tooLong } from './messages.js';
import { Rule, isBlank } from './rule.js';

/** RFC 5321, 4.5.3.1: a path of 256 octets, less the angle brackets. */
const MAX_LENGTH = 254;
const MAX_LOCAL_LENGTH = 64;
/** RFC 5322 dot-atom: no quotes, no comments, no display name. */
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
/** RFC 1123 labels, at least two, the last not a number (which keeps address literals out). */
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])$/;
// oxlint-disable-next-line no-control-regex -- ASCII is what is meant
const ASCII = /^[\x00-\x7f]*$/;

/**
 * The form in which an address is stored and compared: trimmed, lower case. Text with other characters than ASCII is
 * left unchanged and refused: lower case would turn look-alikes (the Kelvin sign, the dotless i) into another address.
 */
export function normalizeEmail(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const address = value.replace(/^[\t-\r ]+|[\t-\r ]+$/g, '');
  return ASCII.test(address) ? address.toLowerCase() : address;
}

/** What is wrong with a normalised address. */
export function emailProblem(value: unknown): string | undefined {
  if (isBlank(value)) return BLANK;
  if (typeof value !== 'string' || !ASCII.test(value)) return INVALID;
  if (value.length > MAX_LENGTH) return tooLong(MAX_LENGTH);
  const at = value.lastIndexOf('@');
  const local = value.slice(0, at);
  const wellFormed =
    at > 0 && local.length <= MAX_LOCAL_LENGTH && LOCAL.test(local) && DOMAIN.test(value.slice(at + 1));
  return wellFormed ? undefined : INVALID;
}

/** A plain `local@domain.tld` of at most 254 characters, in lower case. */
export function IsEmailAddress(): PropertyDecorator {
  return Rule({
    name: 'emailAddress',
    read: normalizeEmail,
    check: emailProblem,
    schema: { type: 'string', format: 'email', maxLength: MAX_LENGTH },
  });
}

/** An address to search for: an ill-formed one is not an error, no account has it. */
export function IsLookupEmail(): PropertyDecorator {
  return Rule({
    name: 'lookupAddress',
    read: normalizeEmail,
    check: (value) => {
      if (isBlank(value)) return BLANK;
      return typeof value === 'string' ? undefined : INVALID;
    },
    schema: { type: 'string', format: 'email' },
  });
}
