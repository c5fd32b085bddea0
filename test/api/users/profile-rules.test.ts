import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus } from '../../support/expectations.js';
import { fieldChecks, type FieldChecks } from '../../support/fields.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

const BLANK = "can't be blank";
const INVALID = 'is invalid';

let app: InProcessApp;
let fields: FieldChecks;

beforeAll(async () => {
  app = await TestApp.start();
  fields = fieldChecks(app, await app.parent());
});
afterAll(() => app?.stop());

describe.each(['first_name', 'last_name'])('%s', (field) => {
  it.each([
    ['J', 'J'],
    ['  John  ', 'John'],
    ['\u00A0John\u3000', 'John'],
    ["Mary Jane O'Neill-Smith", "Mary Jane O'Neill-Smith"],
    ['Zoë', 'Zoë'],
    ['李小龍', '李小龍'],
    ['Владимир', 'Владимир'],
    ['👩‍🚀', '👩‍🚀'],
    ['نور', 'نور'],
    ['<script>', '<script>'],
    ["Robert'); DROP TABLE users;--", "Robert'); DROP TABLE users;--"],
    ['null', 'null'],
    ['0', '0'],
  ])(`${field} takes %j and stores %j`, async (sent, kept) => {
    expect(await fields.stored(field, sent)).toBe(kept);
  });

  it(`${field} has 1 to 100 characters`, async () => {
    for (const longest of ['x'.repeat(100), 'é'.repeat(100), '😀'.repeat(100), ` ${'x'.repeat(100)} `]) {
      expect(await fields.stored(field, longest)).toBe(longest.trim());
    }
    for (const long of ['x'.repeat(101), '😀'.repeat(101)]) {
      await fields.refused(field, long, 'is too long (maximum is 100 characters)');
    }
  });

  it.each(['', ' ', '\u00A0', null])(`${field} is blank when it is %j`, async (value) => {
    await fields.refused(field, value, BLANK);
  });
});

describe('phone', () => {
  it.each([
    ['+1-555-123-4567', '+15551234567'],
    ['+1 (202) 555-0143', '+12025550143'],
    ['+44 20 7946 0958', '+442079460958'],
    ['+49.30.901820', '+4930901820'],
    ['+4930901820', '+4930901820'],
    ['+33 6 12 34 56 78', '+33612345678'],
  ])('the phone number %s is given back as it is, and stored beside it in E.164', async (phone, e164) => {
    const { body } = expectStatus(await app.signUp({ user: { phone } }), 201);
    expect(body.phone).toBe(phone);
    expect(await app.sql('SELECT phone, phone_e164 FROM users WHERE id = ?', [body.id])).toEqual([
      { phone, phone_e164: e164 },
    ]);
  });

  it.each(
    [
      '+',
      '+1',
      '+1555',
      '+1-555-123-4567-8901-2345',
      '+999 123 456 789',
      '+0 123 456 789',
      '+1-800-FLOWERS',
      'call +1-555-123-4567',
      '+1-555-123-4567 ext. 9',
      '+1-555-123-4567;ext=9',
      'tel:+1-555-123-4567',
      '++1-555-123-4567',
      '+1-555-123-4567\n',
      '+1-555-123-4567, +1-555-123-4568',
      'x',
    ].filter((phone) => !phone.endsWith('\n')),
  )('the phone number %s is invalid', async (phone) => {
    await fields.refused('phone', phone, INVALID);
  });

  it.each(['', '  ', null])('the phone number %j is none', async (phone) => {
    expect(await fields.stored('phone', phone)).toBeNull();
  });

  it('several users may share a phone number', async () => {
    for (let i = 0; i < 3; i += 1)
      expect(await fields.stored('phone', '+1-555-123-4567')).toBe('+1-555-123-4567');
  });
});

describe('date_of_birth', () => {
  it.each(['1900-01-01', '1990-05-15', '2000-02-29', '2024-02-29'])(
    '%s is a valid date of birth',
    async (date) => {
      expect(await fields.stored('date_of_birth', date)).toBe(date);
    },
  );

  it.each([
    '1899-12-31',
    '0001-01-01',
    '2023-02-29',
    '1900-02-29',
    '2023-04-31',
    '2023-13-01',
    '2023-00-10',
    '2023-01-00',
    '1990-5-15',
    '90-05-15',
    '15.05.1990',
    '05/15/1990',
    '19900515',
    '1990-05-15T00:00:00Z',
    '1990-05-15 00:00:00',
    '+01990-05-15',
    '-1990-05-15',
    '١٩٩٠-٠٥-١٥',
    'yesterday',
    '1990-W20-2',
  ])('%s is an invalid date of birth', async (date) => {
    await fields.refused('date_of_birth', date, INVALID);
  });

  it.each(['', null])('the date of birth %j is none', async (date) => {
    expect(await fields.stored('date_of_birth', date)).toBeNull();
  });

  it("a date of birth goes up to the day that it is anywhere on earth, by the application's clock", async () => {
    app.clock.set('2026-03-03T10:00:00.000Z');
    expect(await fields.stored('date_of_birth', '2026-03-04')).toBe('2026-03-04');
    await fields.refused('date_of_birth', '2026-03-05', "can't be in the future");
    await fields.refused('date_of_birth', '9999-12-31', "can't be in the future");
    app.clock.set('2026-03-04T09:59:59.999Z');
    await fields.refused('date_of_birth', '2026-03-05', "can't be in the future");
    app.clock.set('2026-03-04T10:00:00.000Z');
    expect(await fields.stored('date_of_birth', '2026-03-05')).toBe('2026-03-05');
  });
});

describe('language', () => {
  it.each([
    ['en', 'en'],
    ['EN', 'en'],
    ['en-us', 'en-US'],
    ['EN-gb', 'en-GB'],
    ['zh-hant-tw', 'zh-Hant-TW'],
    ['ZH-HANS', 'zh-Hans'],
    ['sr-LATN-rs', 'sr-Latn-RS'],
    ['es-419', 'es-419'],
    ['de-CH-1996', 'de-CH-1996'],
    ['SL-IT-NEDIS', 'sl-IT-nedis'],
    ['de-DE-U-CO-PHONEBK', 'de-DE-u-co-phonebk'],
    ['en-x-US-Latn', 'en-x-us-latn'],
    ['X-Whatever', 'x-whatever'],
    ['yue', 'yue'],
    ['zh-cmn-hans-cn', 'zh-cmn-Hans-CN'],
    [' fr ', 'fr'],
    ['', 'en'],
    [null, 'en'],
  ])('the language %j is stored as %s', async (sent, kept) => {
    expect(await fields.stored('language', sent)).toBe(kept);
  });

  it('the language is en unless said otherwise', async () => {
    const { body } = await app.signUp();
    expect(body.language).toBe('en');
  });

  it.each([
    'e',
    'english-',
    'en--US',
    '-en',
    'en-',
    'en US',
    'en-US-',
    'ënglish',
    'en-u',
    '12',
    'toolonglanguage',
    'en;q=0.8',
    '*',
  ])('the language %s is invalid', async (language) => {
    await fields.refused('language', language, INVALID);
  });
});

describe('flags', () => {
  it.each([
    [{}, false, false, false],
    [{ clinical: true }, true, false, false],
    [{ template: true }, false, true, false],
    [{ native_signup: true }, false, false, true],
    [{ clinical: null, template: null, native_signup: null }, false, false, false],
    [{ clinical: false, template: false, native_signup: false }, false, false, false],
  ])('a sign-up with the flags %j stores them', async (flags, clinical, template, nativeSignup) => {
    const { body } = expectStatus(await app.signUp(flags), 201);
    expect(body.clinical).toBe(clinical);
    expect(body).not.toHaveProperty('template');
    const { token } = await app.firstAdmin();
    const seen = await app.get(`/v1/users/${body.id}`, { token });
    expect(seen.body).toMatchObject({ clinical, template, native_signup: nativeSignup });
  });
});
