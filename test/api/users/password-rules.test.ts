import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectErrors, expectStatus } from '../../support/expectations.js';
import { type Person, someone } from '../../support/people.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

const BLANK = "can't be blank";
const INVALID = 'is invalid';
const TOO_SHORT = 'is too short (minimum is 8 characters)';
const TOO_MANY_BYTES = 'is too long (maximum is 72 bytes)';
const OWN_NAME = 'must not be your name or e-mail address';

let app: InProcessApp;
let person: Person;

beforeAll(async () => {
  app = await TestApp.start();
  person = await app.parent();
});
afterAll(() => app?.stop());

/** The field as it is given back, after a sign-up and when it is read again. */
async function stored(field: string, value: unknown): Promise<unknown> {
  const { body, headers } = expectStatus(await app.signUp({ user: { [field]: value } }), 201);
  const token = headers.get('x-user-token')!;
  const again = expectStatus(await app.get(`/v1/users/${body.id}`, { token }), 200);
  expect(again.body[field]).toEqual(body[field]);
  return body[field];
}

/** The same finding at sign-up and in an update. */
async function refused(field: string, value: unknown, ...messages: string[]): Promise<void> {
  expectErrors(await app.signUp({ user: { [field]: value } }), 422, { [field]: messages });
  const update = await app.put(`/v1/users/${person.id}`, {
    body: { user: { [field]: value } },
    token: person.token,
  });
  expectErrors(update, 422, { [field]: messages });
}

let next = 0;
const local = () => `user${(next += 1)}`;

const sized = (length: number) => {
  const start = `${local()}@`;
  const domain = `${'d'.repeat(60)}.`.repeat(4).slice(0, length - start.length - '.example'.length);
  return `${start}${domain.replace(/\.$/, 'd')}.example`;
};

const signsIn = async (email: string, password: string) => (await app.trySignIn(email, password)).status;

describe('email', () => {
  it('an e-mail address is trimmed and lower-cased', async () => {
    const name = local();
    expect(await stored('email', ` \t\r\n ${name.toUpperCase()}@Example.COM \n`)).toBe(`${name}@example.com`);
  });

  it.each([
    'plain@example.com',
    "o'neill+tag_x-y.z@sub.example.co.uk",
    'a!#$%&*+/=?^_`{|}~-b@example.com',
    '1@example.com',
    'x@xn--bcher-kva.example',
    'x@example.xn--p1ai',
    'x@a-b.c-d.example',
    'x@1and1.example',
  ])('%s is a valid e-mail address', async (email) => {
    expect(await stored('email', email)).toBe(email);
  });

  it.each([
    'john',
    'john@',
    '@example.com',
    'john@example',
    'john@localhost',
    'john@@example.com',
    'john@doe@example.com',
    'john doe@example.com',
    'john@exam ple.com',
    '.john@example.com',
    'john.@example.com',
    'john..doe@example.com',
    'john@.example.com',
    'john@example..com',
    'john@example.com.',
    'john@-example.com',
    'john@example-.com',
    'john@exam_ple.com',
    'John Doe <john@example.com>',
    '<john@example.com>',
    'mailto:john@example.com',
    '"john"@example.com',
    '"john doe"@example.com',
    'john(comment)@example.com',
    'john@example.com(comment)',
    'john@[127.0.0.1]',
    'john@[IPv6:::1]',
    'john@127.0.0.1',
    'john@example.com, jane@example.com',
    'john@example.com;jane@example.com',
    'john\\@example.com',
    'john@example.com\nBcc: jane@example.com',
    'john%0a@exam%70le.com',
  ])('%s is an invalid e-mail address', async (email) => {
    await refused('email', email, INVALID);
  });

  it.each([
    ['the Kelvin sign', 'mi\u212Ae@example.com'],
    ['the Kelvin sign in the domain', 'mike@mar\u212Aet.example'],
    ['a dotless i', 'm\u0131ke@example.com'],
    ['a capital I with a dot', 'm\u0130ke@example.com'],
    ['a long s', 'jo\u017Fe@example.com'],
    ['full-width letters', 'ｊohn@example.com'],
    ['a full-width at', 'john＠example.com'],
    ['a Cyrillic a', 'j\u0430ne@example.com'],
    ['an umlaut', 'jörg@example.com'],
    ['an umlaut in the domain', 'x@bücher.example'],
    ['an ideographic full stop', 'john@example。com'],
    ['a zero-width space', 'jo\u200Bhn@example.com'],
    ['a soft hyphen', 'jo\u00ADhn@example.com'],
    ['a no-break space around it', '\u00A0john@example.com'],
    ['an emoji', '😀@example.com'],
  ])('an e-mail address with %s is invalid', async (_, email) => {
    await refused('email', email, INVALID);
    expectErrors(await app.post('/v1/users/email_has_account', { body: { email } }), 422, {
      email: [INVALID],
    });
  });

  it('an address that looks alike finds no account and signs nobody in', async () => {
    const mike = await app.parent({ user: { email: 'mike@example.com' } });
    for (const email of ['mi\u212Ae@example.com', 'm\u0131ke@example.com', 'M\u0130KE@example.com']) {
      const answer = await app.post('/v1/sessions', { body: { email, password: mike.password } });
      expectErrors(answer, 401, 'Invalid email or password');
    }
    expect(await app.signIn({ ...mike, email: ' MIKE@EXAMPLE.COM ' })).toMatch(/^gu_/);
  });

  it('an e-mail address has at most 254 characters', async () => {
    const longest = sized(254);
    expect(longest).toHaveLength(254);
    expect(await stored('email', longest)).toBe(longest);
    await refused('email', sized(255), 'is too long (maximum is 254 characters)');
    await refused('email', `${'x'.repeat(2000)}@example.com`, 'is too long (maximum is 254 characters)');
    expect(await stored('email', `  ${sized(254)}  `)).toHaveLength(254);
  });

  it.each(['', '   ', '\t', null])('the e-mail address %j is blank', async (email) => {
    await refused('email', email, BLANK);
  });

  it('an e-mail address is taken whatever its case', async () => {
    for (const email of [person.email, person.email.toUpperCase(), ` ${person.email}\n`]) {
      expectErrors(await app.signUp({ user: { email } }), 422, { email: ['has already been taken'] });
    }
    const other = await app.parent();
    const body = { user: { email: person.email.toUpperCase() } };
    expectErrors(await app.put(`/v1/users/${other.id}`, { body, token: other.token }), 422, {
      email: ['has already been taken'],
    });
  });

  it('an address that differs in a character that some collations drop is another address', async () => {
    const name = local();
    await app.parent({ user: { email: `${name}@example.com` } });
    for (const email of [`${name}-@example.com`, `-${name}@example.com`, `${name}'@example.com`]) {
      expect((await app.signUp({ user: { email } })).status).toBe(201);
    }
  });
});

describe('password', () => {
  it.each([
    ['eight characters', 'xq7!kq?w'],
    ['spaces inside and around', '  blue hat  '],
    ['eight emoji', '🦜🦔🦦🦥🦨🦩🦫🦭'],
    ['no composition rules', 'onlylowercaseletters'],
    ['digits alone', '83749265018'],
    ['72 bytes', 'ab'.repeat(36)],
    ['72 bytes in 18 characters', '🦜🦔'.repeat(9)],
    ['control characters but NUL', 'tab\tnewline\nbell\u0007'],
    ['the example', 'securepassword123'],
  ])('a password is accepted and signs in: %s', async (_, password) => {
    const { body } = expectStatus(await app.signUp({ user: { password } }), 201);
    expect(await signsIn(body.email, password)).toBe(201);
    expect(await signsIn(body.email, `${password} `)).toBe(401);
    expect(await signsIn(body.email, password.slice(0, -1))).toBe(401);
  });

  it('a password is not trimmed', async () => {
    const { body } = expectStatus(await app.signUp({ user: { password: ' blue hat on ' } }), 201);
    expect(await signsIn(body.email, 'blue hat on')).toBe(401);
  });

  it.each([
    ['seven characters', 'xq7!kq?', TOO_SHORT],
    ['seven emoji, more than eight UTF-16 units', '🦜🦔🦦🦥🦨🦩🦫', TOO_SHORT],
    ['73 bytes', `${'ab'.repeat(36)}c`, TOO_MANY_BYTES],
    ['19 emoji', '🦜'.repeat(19), TOO_MANY_BYTES],
    ['very many', 'x'.repeat(10_000), TOO_MANY_BYTES],
    ['nothing', '', BLANK],
    ['blanks', '            ', BLANK],
    ['other blanks', '\t\n\u00A0\u2003\u3000        ', BLANK],
    ['null', null, BLANK],
    ['NUL', 'long enough\u0000', INVALID],
  ])('a password is refused: %s', async (_, password, message) => {
    await refused('password', password, message);
  });

  it('the length of a password is measured in NFKC', async () => {
    // Four characters as typed, eight as compared.
    const ligatures = 'ﬁ\uFB02ﬀﬄ';
    const { body } = expectStatus(await app.signUp({ user: { password: ligatures } }), 201);
    expect(await signsIn(body.email, 'fiflffffl')).toBe(201);
    // 33 characters and 99 bytes in NFKC, three characters and nine bytes before.
    await refused('password', '\uFDFA\uFDFA\uFDFA', TOO_MANY_BYTES);
    // Eight characters as typed, four as compared.
    await refused('password', 'e\u0301o\u0302u\u0308a\u030A', TOO_SHORT);
  });

  it('a password is the same whether its accents are composed or not', async () => {
    const { body } = expectStatus(
      await app.signUp({ user: { password: 'cr\u00E8me br\u00FBl\u00E9e' } }),
      201,
    );
    expect(await signsIn(body.email, 'cre\u0300me bru\u0302le\u0301e')).toBe(201);
    expect(await signsIn(body.email, 'creme brulee')).toBe(401);
    const changed = await app.put(`/v1/users/${body.id}`, {
      body: { user: { password: 'cafe\u0301 au lait', current_password: 'cre\u0300me bru\u0302le\u0301e' } },
      token: await app.signIn({ email: body.email, password: 'cr\u00E8me br\u00FBl\u00E9e' }),
    });
    expect(changed.status).toBe(200);
    expect(await signsIn(body.email, 'caf\u00E9 au lait')).toBe(201);
  });

  it('a longer password that bcrypt would cut does not sign in', async () => {
    const password = 'ab'.repeat(36);
    const { body } = expectStatus(await app.signUp({ user: { password } }), 201);
    expect(await signsIn(body.email, `${password}c`)).toBe(401);
    expect(await signsIn(body.email, `${password}\u0000`)).toBe(401);
  });

  it('a password with a NUL does not sign in with what is before it', async () => {
    const { body } = expectStatus(await app.signUp({ user: { password: 'long enough' } }), 201);
    expect(await signsIn(body.email, 'long enough\u0000')).toBe(401);
    expect(await signsIn(body.email, 'long enough\u0000more')).toBe(401);
  });

  it.each(['password', 'PassWord', 'password1', 'iloveyou', '12345678', 'qwertyuiop', 'sunshine1'])(
    'the password %s is too common',
    async (password) => {
      await refused('password', password, 'is too common');
    },
  );

  it('a common password in full-width letters is too common', async () => {
    await refused('password', 'ｐａｓｓｗｏｒｄ', 'is too common');
  });

  it.each([
    ['e-mail address', 'WOLFHARD.K@EXAMPLE.com'],
    ['local part', 'Wolfhard.K'],
    ['first name', 'WOLFHARD'],
    ['last name', 'kühlschrank'],
    ['full name', 'Wolfhard KÜHLSCHRANK'],
    ['first name in full width', 'Ｗｏｌｆｈａｒｄ'],
    ['last name, decomposed', 'KU\u0308HLSCHRANK'],
  ])("a password may not be the owner's %s", async (_, password) => {
    const user = {
      email: 'wolfhard.k@example.com',
      first_name: 'Wolfhard',
      last_name: 'Kühlschrank',
      password,
    };
    expectErrors(await app.signUp({ user }), 422, { password: [OWN_NAME] });
    const names = { email: `wolfhard.k@${Math.random().toString(36).slice(2)}.example` };
    const owner = await app.parent({ user: { ...user, ...names, password: 'something else' } });
    const mine = password.includes('@') ? owner.email.toUpperCase() : password;
    const change = (changes: object) =>
      app.put(`/v1/users/${owner.id}`, { body: { user: changes }, token: owner.token });
    expectErrors(await change({ password: mine }), 422, { password: [OWN_NAME] });
    // What it is checked against is what will be stored with it.
    if (password !== 'WOLFHARD') return;
    expectErrors(await change({ first_name: 'Bartholomaeus', password: 'bartholomaeus' }), 422, {
      password: [OWN_NAME],
    });
    expect((await change({ first_name: 'Bartholomaeus', password: 'wolfhard.w' })).status).toBe(200);
  });

  it('a password may contain a name', async () => {
    const user = { first_name: 'Wolfhard', password: 'Wolfhard has a dog' };
    expect((await app.signUp({ user })).status).toBe(201);
  });

  it('a password is in no answer', async () => {
    const details = someone();
    const { text, headers } = await app.signUp({ user: details });
    expect(text).not.toMatch(/password|digest|\$2/);
    expect(text).not.toContain(details.password);
    expect(JSON.stringify([...headers])).not.toContain(details.password);
  });

  it('a password is stored as a bcrypt digest of its own', async () => {
    const password = 'shared by two people';
    const ids = [];
    for (const user of [{ password }, { password }]) {
      ids.push((expectStatus(await app.signUp({ user }), 201).body as Person).id);
    }
    const rows = await app.sql<{ password_digest: string }>(
      'SELECT password_digest FROM users WHERE id IN (?, ?)',
      ids,
    );
    const digests = rows.map((row) => row.password_digest);
    for (const digest of digests) expect(digest).toMatch(/^\$2b\$04\$[./A-Za-z0-9]{53}$/);
    expect(new Set(digests).size).toBe(2);
  });
});

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
    expect(await stored(field, sent)).toBe(kept);
  });

  it(`${field} has 1 to 100 characters`, async () => {
    for (const longest of ['x'.repeat(100), 'é'.repeat(100), '😀'.repeat(100), ` ${'x'.repeat(100)} `]) {
      expect(await stored(field, longest)).toBe(longest.trim());
    }
    for (const long of ['x'.repeat(101), '😀'.repeat(101)]) {
      await refused(field, long, 'is too long (maximum is 100 characters)');
    }
  });

  it.each(['', ' ', '\u00A0', null])(`${field} is blank when it is %j`, async (value) => {
    await refused(field, value, BLANK);
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
      '5551234567',
      '001 555 123 4567',
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
    await refused('phone', phone, INVALID);
  });

  it.each(['', '  ', null])('the phone number %j is none', async (phone) => {
    expect(await stored('phone', phone)).toBeNull();
  });

  it('several users may share a phone number', async () => {
    for (let i = 0; i < 3; i += 1) expect(await stored('phone', '+1-555-123-4567')).toBe('+1-555-123-4567');
  });
});

describe('date_of_birth', () => {
  it.each(['1900-01-01', '1990-05-15', '2000-02-29', '2024-02-29'])(
    '%s is a valid date of birth',
    async (date) => {
      expect(await stored('date_of_birth', date)).toBe(date);
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
    await refused('date_of_birth', date, INVALID);
  });

  it.each(['', null])('the date of birth %j is none', async (date) => {
    expect(await stored('date_of_birth', date)).toBeNull();
  });

  it("a date of birth goes up to today by the application's clock, in UTC", async () => {
    app.clock.set('2026-03-04T00:00:00.000Z');
    expect(await stored('date_of_birth', '2026-03-04')).toBe('2026-03-04');
    await refused('date_of_birth', '2026-03-05', "can't be in the future");
    await refused('date_of_birth', '9999-12-31', "can't be in the future");
    app.clock.set('2026-03-04T23:59:59.999Z');
    await refused('date_of_birth', '2026-03-05', "can't be in the future");
    app.clock.set('2026-03-05T00:00:00.000Z');
    expect(await stored('date_of_birth', '2026-03-05')).toBe('2026-03-05');
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
    expect(await stored('language', sent)).toBe(kept);
  });

  it('the language is en unless said otherwise', async () => {
    const { body } = await app.signUp();
    expect(body.language).toBe('en');
  });

  it.each([
    'e',
    'english-',
    'en_US',
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
    await refused('language', language, INVALID);
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
