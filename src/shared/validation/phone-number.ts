import { lacksCountryCode, parsePhoneNumber, shownPhoneNumber } from '../lib/phone-number.js';
import { codePoints } from '../lib/text.js';
import { INVALID, NO_COUNTRY_CODE, tooLong } from './messages.js';
import { Rule, isBlank } from './rule.js';

const MAX_LENGTH = 40;

function phoneProblem(value: unknown): string | undefined {
  if (isBlank(value)) return undefined;
  if (typeof value !== 'string') return INVALID;
  if (codePoints(value) > MAX_LENGTH) return tooLong(MAX_LENGTH);
  if (parsePhoneNumber(value)) return undefined;
  return lacksCountryCode(value) ? NO_COUNTRY_CODE : INVALID;
}

/** An optional international phone number, kept as it was written but for characters that can't be seen. */
export function IsPhoneNumber(): PropertyDecorator {
  return Rule({
    name: 'phone',
    read: (value) => {
      if (typeof value !== 'string') return value;
      return isBlank(value) ? null : shownPhoneNumber(value);
    },
    check: phoneProblem,
    schema: { type: 'string', maxLength: MAX_LENGTH, nullable: true },
  });
}
