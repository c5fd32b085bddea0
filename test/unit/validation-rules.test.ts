import { normalizeEmailAddress } from '#app/shared/lib/email-address.js';
import { folded } from '#app/shared/lib/folding.js';
import { parsePhoneNumber } from '#app/shared/lib/phone-number.js';
import { emailProblem, IsLanguageTag, validate } from '#app/shared/validation/index.js';
import { expect, it } from 'vitest';

it.each([
  ['ZOË', 'zoe'],
  ['zoe\u0308', 'zoe'],
  ['Çelik', 'celik'],
  ['Ångström', 'angstrom'],
  ['ﬁnn', 'finn'],
  ['Ｄｏｅ', 'doe'],
  ['李小龍', '李小龍'],
  ['Владимир', 'владимир'],
])('the name %s is searched as %s', (name, key) => {
  expect(folded(name)).toBe(key);
});

it.each([
  [' John@Example.COM \r\n', 'john@example.com'],
  ['\tjohn@example.com', 'john@example.com'],
  // Lower-casing would make a k of the Kelvin sign.
  ['MI\u212AE@example.com', 'MI\u212AE@example.com'],
  ['\u00A0john@example.com', 'john@example.com'],
])('the address %j is compared as %j', (sent, compared) => {
  expect(normalizeEmailAddress(sent)).toBe(compared);
});

it.each([
  ['john@example.com', undefined],
  [`${'x'.repeat(64)}@example.com`, undefined],
  [`${'x'.repeat(65)}@example.com`, 'is invalid'],
  ['john@example', 'is invalid'],
  ['john@127.0.0.1', 'is invalid'],
  ['jörg@example.com', 'is invalid'],
  [['john@example.com'], 'is invalid'],
  [`john@${'d'.repeat(250)}.com`, 'is too long (maximum is 254 characters)'],
  ['', "can't be blank"],
  [null, "can't be blank"],
])('the problem with the address %j is: %s', (address, problem) => {
  expect(emailProblem(address)).toBe(problem);
});

it.each([
  ['+1-555-123-4567', { e164: '+15551234567', country: 'US', callingCode: '1', isSpecial: false }],
  ['+44 20 7946 0958', { e164: '+442079460958', country: 'GB', callingCode: '44', isSpecial: false }],
  ['+49.30.901820', { e164: '+4930901820', country: 'DE', callingCode: '49', isSpecial: false }],
])('the phone number %s is read as %j', (written, number) => {
  expect(parsePhoneNumber(written)).toEqual(number);
});

it.each(['5551234567', '+1555', '+999 123 456 789', '+1-800-FLOWERS', '+1-555-123-4567 ext. 9', ''])(
  'the text %j is no phone number',
  (written) => {
    expect(parsePhoneNumber(written)).toBeNull();
  },
);

class Reader {
  @IsLanguageTag({ default: 'en' })
  language: string;
}

const readLanguage = (language: unknown) => validate(Reader, { language });

it.each([
  ['DE-ch', 'de-CH'],
  ['en_us', 'en-US'],
  ['zh-hant-TW', 'zh-Hant-TW'],
  ['DE-DE-U-CO-PHONEBK', 'de-DE-u-co-phonebk'],
  ['x-Whatever', 'x-whatever'],
  ['', 'en'],
  [null, 'en'],
])('the language tag %j is brought to %s', async (sent, stored) => {
  expect((await readLanguage(sent)).values).toEqual({ language: stored });
});

it.each(['e', 'en--US', 'toolonglanguage', '*', 5])('the language tag %j is invalid', async (language) => {
  expect((await readLanguage(language)).errors.toObject()).toEqual({ language: ['is invalid'] });
});
