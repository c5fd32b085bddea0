import { type CountryCode, Metadata, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { trimEnds, withAsciiDigits, withoutFormatCharacters } from './text.js';

export interface PhoneNumber {
  /** `+15551234567`. */
  readonly e164: string;
  /** ISO 3166-1 alpha-2; for a number that no country has given out, the main country of its calling code. */
  readonly country: string | null;
  /** The calling code without `+`. */
  readonly callingCode: string;
  /** Premium-rate, shared-cost, universal-access, pager, voice-mail, satellite or of an international network. */
  readonly isSpecial: boolean;
}

/** What may stand between the digits, and round the `+`: any space, dash, dot, slash, bracket. */
const PUNCTUATION = /[\s\p{Z}\p{Pd}\p{Ps}\p{Pe}\u2212.\u00b7\uff0e\u2024/\uff0f\u2044\u2215]/gu;
const PLUS = /[\uff0b\ufe62]/gu;

const SPECIAL_TYPES = new Set<string | undefined>([
  'PREMIUM_RATE',
  'SHARED_COST',
  'UAN',
  'PAGER',
  'VOICEMAIL',
]);

/**
 * Forms that a country gave up but people still write and address books still hold, and what they are today. Argentina's
 * `15` and the trunk zeros behind a country code are known to libphonenumber.
 */
const FORMER_FORMS: readonly [RegExp, string | ((...groups: string[]) => string)][] = [
  // Mexico, 2019: no 1 for mobiles, no 044 and 045.
  [/^\+52(?:1|044|045)(\d{10})$/, '+52$1'],
  // Brazil, 2016: mobiles have a 9 more; numbers of eight digits that begin with 6 to 9 were mobiles.
  [/^\+55(\d{2})([6-9]\d{7})$/, '+55$19$2'],
  // Chile: the trunk 0 before the mobile digit.
  [/^\+560(9\d{8})$/, '+56$1'],
  // Colombia, 2021: area codes are 60x.
  [/^\+57([124-8])(\d{7})$/, '+5760$1$2'],
  // Benin, 2024: 01 before every number.
  [/^\+229(\d{8})$/, '+22901$1'],
  // Côte d'Ivoire, 2021: two digits more, which for mobiles depend on the second digit.
  [
    /^\+225([04-9])(\d)(\d{6})$/,
    (_, first, second, rest) =>
      `+225${second < '4' ? '01' : second < '7' ? '05' : '07'}${first}${second}${rest}`,
  ],
  // Vietnam, 2018: mobiles of eleven digits have ten.
  [
    /^\+841(2\d|6[2-9]|8[68]|99)(\d{7})$/,
    (_, former, rest) => `+84${VIETNAM.get(former ?? '') ?? `1${former}`}${rest}`,
  ],
];

/** Former and present beginnings of Vietnamese mobile numbers, by operator. */
const VIETNAM = new Map(
  (
    '20:70 21:79 22:77 26:76 28:78 23:83 24:84 25:85 27:81 29:82 62:32 63:33 64:34 65:35 66:36 67:37 68:38 69:39 ' +
    '86:56 88:58 99:59'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
);

/** The number as it is given back: as it was written, without the format characters that pasting brought along. */
export function shownPhoneNumber(written: string): string {
  return withoutFormatCharacters(trimEnds(written));
}

/** Its digits in ASCII, with the `+` or what stands for it, without punctuation; other characters stay. */
export function dialled(written: string): string {
  return withAsciiDigits(shownPhoneNumber(written))
    .replace(PLUS, '+')
    .replace(PUNCTUATION, '')
    .replace(/^00/, '+');
}

/** Whether it is a number, but without the country code that would say whose. */
export function lacksCountryCode(written: string): boolean {
  return /^\d+$/.test(dialled(written));
}

/** Reads an international number that is possible for its country; null where it is none. */
export function parsePhoneNumber(written: string): PhoneNumber | null {
  const number = readNumber(today(dialled(written)));
  return (
    number && {
      e164: number.number,
      country: number.country ?? mainCountry(number.countryCallingCode),
      callingCode: number.countryCallingCode,
      isSpecial: number.isNonGeographic() || SPECIAL_TYPES.has(number.getType()),
    }
  );
}

function readNumber(digits: string): NonNullable<ReturnType<typeof parsePhoneNumberFromString>> | null {
  if (!/^\+\d+$/.test(digits)) return null;
  const number = parsePhoneNumberFromString(digits, { extract: false });
  return number?.isPossible() && !number.ext ? number : null;
}

function today(digits: string): string {
  const form = FORMER_FORMS.find(([pattern]) => pattern.test(digits));
  return form ? digits.replace(form[0], form[1] as string) : digits;
}

function mainCountry(callingCode: string): CountryCode | null {
  const metadata = new Metadata() as Metadata & {
    getCountryCodesForCallingCode(code: string): CountryCode[];
  };
  return metadata.getCountryCodesForCallingCode(callingCode)?.[0] ?? null;
}
