import { isAscii, isEmailAddress, normalizeEmailAddress } from '../lib/email-address.js';
import { BLANK, INVALID, tooLong } from './messages.js';
import { Rule, isBlank } from './rule.js';

/** RFC 5321, 4.5.3.1: a path of 256 octets, less the angle brackets. */
const MAX_LENGTH = 254;

/** Leaves every other type than text alone, for the check to refuse. */
function normalized(value: unknown): unknown {
  return typeof value === 'string' ? normalizeEmailAddress(value) : value;
}

/** What is wrong with a normalised address. */
export function emailProblem(value: unknown): string | undefined {
  if (isBlank(value)) return BLANK;
  if (typeof value !== 'string' || !isAscii(value)) return INVALID;
  if (value.length > MAX_LENGTH) return tooLong(MAX_LENGTH);
  return isEmailAddress(value) ? undefined : INVALID;
}

/** A plain `local@domain.tld` of at most 254 characters, its domain in ASCII, in lower case. */
export function IsEmailAddress(): PropertyDecorator {
  return Rule({
    name: 'emailAddress',
    read: normalized,
    check: emailProblem,
    schema: { type: 'string', format: 'email', maxLength: MAX_LENGTH },
  });
}

/** An address that is only looked up: an ill-formed one is simply not found. */
export function IsLookupEmail(): PropertyDecorator {
  return Rule({
    name: 'lookupAddress',
    read: normalized,
    check: (value) => {
      if (isBlank(value)) return BLANK;
      return typeof value === 'string' ? undefined : INVALID;
    },
    schema: { type: 'string', format: 'email' },
  });
}
