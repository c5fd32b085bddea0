import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectErrors, expectStatus } from '../../support/expectations.js';
import { fieldChecks, type FieldChecks } from '../../support/fields.js';
import type { Person } from '../../support/people.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

const BLANK = "can't be blank";
const INVALID = 'is invalid';

let app: InProcessApp;
let person: Person;
let fields: FieldChecks;

beforeAll(async () => {
  app = await TestApp.start();
  person = await app.parent();
  fields = fieldChecks(app, person);
});
afterAll(() => app?.stop());

let next = 0;
const local = () => `user${(next += 1)}`;

const sized = (length: number) => {
  const start = `${local()}@`;
  const domain = `${'d'.repeat(60)}.`.repeat(4).slice(0, length - start.length - '.example'.length);
  return `${start}${domain.replace(/\.$/, 'd')}.example`;
};

describe('email', () => {
  it('an e-mail address is trimmed and lower-cased', async () => {
    const name = local();
    expect(await fields.stored('email', ` \t\r\n ${name.toUpperCase()}@Example.COM \n`)).toBe(
      `${name}@example.com`,
    );
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
    expect(await fields.stored('email', email)).toBe(email);
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
    await fields.refused('email', email, INVALID);
  });

  it.each([
    ['the Kelvin sign', 'mi\u212Ae@example.com'],
    ['a dotless i', 'm\u0131ke@example.com'],
    ['a capital I with a dot', 'm\u0130ke@example.com'],
    ['a long s', 'jo\u017Fe@example.com'],
    ['full-width letters', 'ｊohn@example.com'],
    ['a full-width at', 'john＠example.com'],
    ['a Cyrillic a', 'j\u0430ne@example.com'],
    ['an umlaut', 'jörg@example.com'],
    ['a zero-width space', 'jo\u200Bhn@example.com'],
    ['a soft hyphen', 'jo\u00ADhn@example.com'],
    ['an emoji', '😀@example.com'],
  ])('an e-mail address with %s is invalid', async (_, email) => {
    await fields.refused('email', email, INVALID);
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
    expect(await fields.stored('email', longest)).toBe(longest);
    await fields.refused('email', sized(255), 'is too long (maximum is 254 characters)');
    await fields.refused(
      'email',
      `${'x'.repeat(2000)}@example.com`,
      'is too long (maximum is 254 characters)',
    );
    expect(await fields.stored('email', `  ${sized(254)}  `)).toHaveLength(254);
  });

  it.each(['', '   ', '\t', null])('the e-mail address %j is blank', async (email) => {
    await fields.refused('email', email, BLANK);
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

describe('email_has_account', () => {
  it('email_has_account normalises the address', async () => {
    const owner = await app.parent();
    for (const email of [owner.email, ` ${owner.email.toUpperCase()}\n`]) {
      const answer = expectStatus(await app.post('/v1/users/email_has_account', { body: { email } }), 200);
      expect(answer.body).toEqual({ has_account: true });
    }
    const { body } = await app.post('/v1/users/email_has_account', { body: { email: `x${owner.email}` } });
    expect(body).toEqual({ has_account: false });
  });

  it('email_has_account answers 422 for an ill-formed or missing address', async () => {
    for (const email of ['john', 'john@', 'John <john@example.com>', 'm\u0131ke@example.com']) {
      expectErrors(await app.post('/v1/users/email_has_account', { body: { email } }), 422, {
        email: ['is invalid'],
      });
    }
    for (const body of [
      {},
      { email: null },
      { email: '' },
      { email: ' ' },
      { user: { email: 'a@example.com' } },
    ]) {
      expectErrors(await app.post('/v1/users/email_has_account', { body }), 422, {
        email: ["can't be blank"],
      });
    }
  });
});
