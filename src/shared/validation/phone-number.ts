import { type CountryCode, Metadata, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { INVALID, tooLong } from './messages.js';
import { Rule, isBlank, optionalText } from './rule.js';

const MAX_LENGTH = 40;
const WRITTEN = /^\+[\d\s().\-/]+$/;

export interface PhoneNumber {
  /** `+15551234567`. */
  readonly e164: string;
  /** ISO 3166-1 alpha-2; for a number that belongs to no country, the main country of its calling code. */
  readonly country: string | null;
  /** The calling code without `+`. */
  readonly callingCode: string;
}

/** Reads an international number that is possible for its country; null for anything else. */
export function parsePhoneNumber(written: string): PhoneNumber | null {
  if (!WRITTEN.test(written)) return null;
  const number = parsePhoneNumberFromString(written, { extract: false });
  if (!number?.isPossible() || number.ext) return null;
  return {
    e164: number.number,
    country: number.country ?? mainCountry(number.countryCallingCode),
    callingCode: number.countryCallingCode,
  };
}

function mainCountry(callingCode: string): CountryCode | null {
  const metadata = new Metadata() as Metadata & {
    getCountryCodesForCallingCode(code: string): CountryCode[];
  };
  return metadata.getCountryCodesForCallingCode(callingCode)?.[0] ?? null;
}

/** An optional international phone number with `+`, punctuation allowed, kept as it was written. */
export function IsPhoneNumber(): PropertyDecorator {
  return Rule({
    name: 'phone',
    read: optionalText,
    check: (value) => {
      if (isBlank(value)) return undefined;
      if (typeof value !== 'string') return INVALID;
      if (value.length > MAX_LENGTH) return tooLong(MAX_LENGTH);
      return parsePhoneNumber(value) ? undefined : INVALID;
    },
    schema: { type: 'string', maxLength: MAX_LENGTH, nullable: true },
  });
}
