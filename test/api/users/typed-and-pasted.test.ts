import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectErrors } from '../../support/expectations.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

const BLANK = "can't be blank";
const INVALID = 'is invalid';
const NO_COUNTRY = 'must begin with + and the country code';

let app: InProcessApp;

beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app?.stop());

/** What a sign-up with this field gives back. */
async function kept(field: string, value: unknown): Promise<unknown> {
  const answer = await app.signUp({ user: { [field]: value } });
  expect(answer.text).not.toContain('"errors"');
  return (answer.body as Record<string, unknown>)[field];
}

async function refused(field: string, value: unknown, message: string): Promise<void> {
  expectErrors(await app.signUp({ user: { [field]: value } }), 422, { [field]: [message] });
}

async function e164Of(phone: string): Promise<unknown> {
  const { id } = (await app.signUp({ user: { phone } })).body as { id: number };
  const [row] = await app.sql<{ phone_e164: string }>('SELECT phone_e164 FROM users WHERE id = ?', [id]);
  return row?.phone_e164;
}

describe('what surrounds a text', () => {
  it.each([
    ['a no-break space', '\u00a0Anna\u00a0'],
    ['an ideographic space', '\u3000Anna'],
    ['direction marks', '\u200e\u202aAnna\u202c\u200f'],
    ['a byte order mark', '\ufeffAnna'],
    ['a zero-width space and a joiner', '\u200bAnna\u200d'],
    ['line ends of every kind', '\r\n\u0085\u2028Anna\u2029\t'],
    ['a variation selector', 'Anna\ufe0f'],
    ['a soft hyphen', '\u00adAnna\u00ad'],
  ])('%s is taken off both ends of a name', async (_, name) => {
    expect(await kept('first_name', name)).toBe('Anna');
  });

  it('joiners inside a name stay, as Persian and emoji need them', async () => {
    expect(await kept('first_name', 'علی\u200cرضا')).toBe('علی\u200cرضا');
    expect(await kept('last_name', '👩\u200d🚀')).toBe('👩\u200d🚀');
  });

  it('a language and a date are read without what surrounds them', async () => {
    expect(await kept('language', '\u200e de_ch \u00a0')).toBe('de-CH');
    expect(await kept('date_of_birth', '\u200e1990-05-15\u200f')).toBe('1990-05-15');
  });
});

describe('a text of which nothing can be seen', () => {
  const invisible: [string, string][] = [
    ['fillers of Hangul', '\u3164\u115f\u1160\uffa0'],
    ['the blank of Braille', '\u2800'],
    ['zero-width characters', '\u200b\u2060\ufeff'],
    ['marks without a base', '\u0301\u0308'],
    ['spaces of every kind', '\u00a0\u2003\u3000'],
  ];

  it.each(invisible)('%s are a blank name', (_, text) => refused('first_name', text, BLANK));

  it.each(invisible)('%s are no phone number, date or language', async (_, text) => {
    expect(await kept('phone', text)).toBeNull();
    expect(await kept('date_of_birth', text)).toBeNull();
    expect(await kept('language', text)).toBe('en');
  });
});

describe('phone numbers', () => {
  it.each([
    ['\u202a+1\u2011555\u2011123\u20114567\u202c', '+15551234567', '+1\u2011555\u2011123\u20114567'],
    ['(+1) 555 123 4567', '+15551234567', '(+1) 555 123 4567'],
    ['0049 171 1234567', '+491711234567', '0049 171 1234567'],
    ['+49/171.123-4567', '+491711234567', '+49/171.123-4567'],
    ['＋４９ １７１ １２３４５６７', '+491711234567', '＋４９ １７１ １２３４５６７'],
    ['+٤٩ ١٧١ ١٢٣٤٥٦٧', '+491711234567', '+٤٩ ١٧١ ١٢٣٤٥٦٧'],
    ['+44 (0)20 7946 0000', '+442079460000', '+44 (0)20 7946 0000'],
    ['+52 1 55 1234 5678', '+525512345678', '+52 1 55 1234 5678'],
    ['+54 11 15 1234 5678', '+5491112345678', '+54 11 15 1234 5678'],
    ['+55 11 8765 4321', '+5511987654321', '+55 11 8765 4321'],
    ['+225 07 12 34 56', '+2250707123456', '+225 07 12 34 56'],
    ['+229 97 12 34 56', '+2290197123456', '+229 97 12 34 56'],
    ['+1\u00a0[555]\u2009123\u20134567', '+15551234567', '+1\u00a0[555]\u2009123\u20134567'],
  ])('%j is %s and given back as %j', async (written, e164, shown) => {
    expect(await kept('phone', written)).toBe(shown);
    expect(await e164Of(written)).toBe(e164);
  });

  it.each(['0171 1234567', '(555) 123-4567', '5551234567', '٠١٧١ ١٢٣٤٥٦٧'])(
    '%s lacks the country code',
    (phone) => refused('phone', phone, NO_COUNTRY),
  );

  it.each(['+', 'call me', '++49 171 1234567', '+49 171 12345x7', '+1 234'])('%s is no number', (phone) =>
    refused('phone', phone, INVALID),
  );

  it.each([
    ['premium rate', '+1 900 234 5678'],
    ['shared cost', '+49 180 5123456'],
    ['universal access', '+44 300 123 4567'],
    ['a pager', '+44 7640 123456'],
    ['a satellite', '+870 773 111 632'],
    ['another satellite', '+881 6 1234 5678'],
    ['an international network', '+882 13300655'],
    ['premium rate of no country', '+979 123 456 789'],
  ])('%s is not allowed', (_, phone) => refused('phone', phone, 'is not allowed'));

  it('the same number written otherwise is no new value', async () => {
    const person = await app.parent({ user: { phone: '+49 171 1234567' } });
    await app.confirm(person.id);
    const { body } = await app.change(person, { phone: '0049 (0)171-123\u20114567' });
    expect(body).toMatchObject({ phone: '0049 (0)171-123\u20114567', confirmed: true });
  });
});

describe('e-mail addresses', () => {
  let next = 0;
  const local = () => `typed${(next += 1)}`;

  it.each([
    ['Bücher.example', 'xn--bcher-kva.example'],
    ['faß.example', 'xn--fa-hia.example'],
    ['ｅｘａｍｐｌｅ。com', 'example.com'],
    ['EXAMPLE.ＣＯＭ', 'example.com'],
    ['почта.рф', 'xn--80a1acny.xn--p1ai'],
  ])('the domain %s is kept as %s', async (domain, ascii) => {
    const name = local();
    expect(await kept('email', `\u200e ${name.toUpperCase()}@${domain}\u00a0`)).toBe(`${name}@${ascii}`);
  });

  it.each([
    'm\u0131ke@example.com',
    '\u212aelvin@example.com',
    'ａnna@example.com',
    'a\u200bb@example.com',
    'a@exam\u00adple.com',
    'a@exam\u200dple.com',
    'a@例-.com',
    'a@-例.com',
    'a@example.com/path',
    'a@ex%61mple.com',
    'a@１.２.３.４',
    'a@℀.com',
  ])('%j is invalid', (email) => refused('email', email, INVALID));

  it('signs in, is looked up and is taken in any of its spellings', async () => {
    const name = local();
    const person = await app.parent({ user: { email: `${name}@bücher.example` } });
    const written = ` ${name.toUpperCase()}@BÜCHER.example\u200f`;
    expect((await app.trySignIn(written, person.password)).status).toBe(201);
    const lookUp = await app.post('/v1/users/email_has_account', { body: { email: written } });
    expect(lookUp.body).toEqual({ has_account: true });
    await refused('email', written, 'has already been taken');
  });
});

describe('passwords', () => {
  it.each([
    'aaaaaaaa',
    '12341234',
    'abcabcab',
    'AbAbAbAb',
    'abcdefgh',
    'HGFEDCBA',
    '87654321',
    '34567890',
    'qwertyuiop',
    'lkjhgfdsa',
    'qwertzui',
    'azertyuiop',
    'йцукенгш',
  ])('%s is too common', async (password) => {
    const { body } = await app.signUp({ user: { password } });
    expect(body).toEqual({ errors: { password: ['is too common'] } });
  });

  it('a password that only begins with a pattern is taken', async () => {
    expect((await app.signUp({ user: { password: 'abcdefgh but longer' } })).status).toBe(201);
  });
});

it('a date of birth may be the day that it is anywhere on earth', async () => {
  app.clock.set('2026-06-30T12:00:00Z');
  expect(await kept('date_of_birth', '2026-07-01')).toBe('2026-07-01');
  await refused('date_of_birth', '2026-07-02', "can't be in the future");
  app.clock.set('2026-06-30T09:00:00Z');
  await refused('date_of_birth', '2026-07-01', "can't be in the future");
});

it('a reason and a browser are kept as UTF-8 where they are, else as Latin-1', async () => {
  const person = await app.parent();
  const { token } = await app.firstAdmin();
  const latin = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
  await app.get(`/v1/users/${person.id}`, {
    token,
    headers: { 'x-access-reason': latin('\u200eRückfrage ☎ ') },
  });
  await app.get(`/v1/users/${person.id}`, { token, headers: { 'x-access-reason': 'R\xfcckfrage' } });
  const { body } = await app.get(`/v1/users/${person.id}/access_report`, { token });
  const reasons = (body as { access_report: { reason: string | null }[] }).access_report.map(
    ({ reason }) => reason,
  );
  expect(reasons).toEqual(expect.arrayContaining(['Rückfrage ☎', 'Rückfrage']));

  // As bytes: with a body, Node's client would encode the header anew.
  const credentials = JSON.stringify({ email: person.email, password: person.password });
  await app.raw(
    Buffer.from(
      `POST /v1/sessions HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${credentials.length}\r\nUser-Agent: Büro ☎\r\n\r\n${credentials}`,
    ),
  );
  const sessions = await app.get('/v1/sessions', { token: await app.signIn(person) });
  const agents = (sessions.body as { sessions: { user_agent: string }[] }).sessions.map(
    ({ user_agent }) => user_agent,
  );
  expect(agents).toContain('Büro ☎');
});
