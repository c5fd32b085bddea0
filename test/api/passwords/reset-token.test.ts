import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../support/client.js';
import { MINUTE } from '../../support/durations.js';
import { comparableHeaders, expectErrors, expectStatus, NOT_AUTHORIZED } from '../../support/expectations.js';
import { type RecordedOutbox, recordOutbox } from '../../support/outbox.js';
import { type Person, someone } from '../../support/people.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

const NEW = 'quite another passphrase';
const REQUESTED = { message: 'If the address has an account, instructions have been sent to it.' };

let app: InProcessApp;
let outbox: RecordedOutbox;

beforeAll(async () => {
  app = await TestApp.start();
  outbox = recordOutbox(app);
});
afterAll(() => app?.stop());

const validate = (token: unknown): Promise<Answer> =>
  app.post('/v1/users/passwords/validate', { body: { token } });
const reset = (token: unknown, password: unknown = NEW, more: object = {}): Promise<Answer> =>
  app.post('/v1/users/passwords/reset', { body: { token, password, ...more } });

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length / 2]!;

async function tokenFor(person: Person): Promise<string> {
  expectStatus(await app.requestReset(person.email), 202);
  return outbox.token(person.id);
}

async function signsIn({ email }: Person, password: string): Promise<boolean> {
  return (await app.trySignIn(email, password)).status === 201;
}

describe('asking for a reset', () => {
  it('asking for a reset sends a link to the stored address', async () => {
    const person = await app.parent({ user: { language: 'fr', phone: '+15551234567' } });
    const answer = await app.requestReset(`  ${person.email.toUpperCase()} `);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 202, body: REQUESTED });
    expect(outbox.to(person.id).slice(1)).toEqual([
      {
        userId: person.id,
        kind: 'password_reset',
        channel: 'email',
        destination: person.email,
        language: 'fr',
        values: {
          firstName: expect.any(String),
          link: expect.stringMatching(/\/reset-password\?token=[A-Za-z0-9_-]{43}$/),
        },
        expiresAt: new Date(app.clock.now().getTime() + 60 * MINUTE),
        suppressed: false,
        nativeSignup: false,
      },
    ]);
  });

  it("the link of a reset leads to this server where it really listens, whatever the request's host", async () => {
    const person = await app.parent();
    const headers = {
      Host: 'evil.example',
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Proto': 'https',
      Forwarded: 'host=evil.example',
      Origin: 'https://evil.example',
      Referer: 'https://evil.example/',
    };
    expectStatus(await app.requestReset(person.email, { headers }), 202);
    const { link } = outbox.to(person.id).at(-1)!.values;
    expect(link).toBe(`${app.url}/reset-password?token=${outbox.token(person.id)}`);
  });

  it('asking for a reset of an unknown address is answered just the same, and stores nothing', async () => {
    const person = await app.parent();
    const known = await app.requestReset(person.email);
    const resets = await app.sql('SELECT user_id FROM password_resets');
    const messages = outbox.messages.length;
    const unknown = await app.requestReset(someone().email);
    expect({ status: unknown.status, text: unknown.text }).toEqual({
      status: known.status,
      text: known.text,
    });
    expect(comparableHeaders(unknown)).toEqual(comparableHeaders(known));
    expect(await app.sql('SELECT user_id FROM password_resets')).toEqual(resets);
    expect(outbox.messages).toHaveLength(messages);
  });

  it('asking for a reset takes as long for an unknown address as for a known one', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, () => app.parent()));
    const times = { known: [] as number[], unknown: [] as number[] };
    const time = async (kind: keyof typeof times, email: string): Promise<void> => {
      const start = performance.now();
      expectStatus(await app.requestReset(email), 202);
      times[kind].push(performance.now() - start);
    };
    for (const { email } of people) {
      await time('known', email);
      await time('unknown', someone().email);
    }
    expect(median(times.known)).toBeGreaterThan(200);
    expect(Math.abs(median(times.known) - median(times.unknown))).toBeLessThan(40);
  });

  it('a cancelled account is sent no reset, and the answer does not tell', async () => {
    const person = await app.parent();
    await app.cancel(person);
    const before = outbox.messages.length;
    const answer = await app.requestReset(person.email);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 202, body: REQUESTED });
    expect(outbox.messages).toHaveLength(before);
  });

  it('the reset of a template user is recorded and not sent', async () => {
    const person = await app.parent({ template: true });
    await app.requestReset(person.email);
    expect(outbox.to(person.id).at(-1)).toMatchObject({ kind: 'password_reset', suppressed: true });
    expectStatus(await reset(outbox.token(person.id)), 200);
  });

  it.each([
    ['no address', 'is invalid'],
    ['mıke@example.com', 'is invalid'],
    ['mi\u212Ae@example.com', 'is invalid'],
    ['mike@example.com\nbcc: x@example.com', 'is invalid'],
    ['mike@example.com,other@example.com', 'is invalid'],
    ['', "can't be blank"],
    [null, "can't be blank"],
    [['mike@example.com'], 'is invalid'],
    [{ $gt: '' }, 'is invalid'],
    [true, 'is invalid'],
    [1, 'is invalid'],
  ])('asking for a reset of %j is answered 422', async (email, message) => {
    await app.signUp({ user: { email: 'mike@example.com' } });
    const before = outbox.messages.length;
    expectErrors(await app.requestReset(email), 422, { email: [message] });
    expect(outbox.messages).toHaveLength(before);
  });

  it('an administrator asks for a reset on behalf of a user', async () => {
    const person = await app.parent();
    const { token } = await app.firstAdmin();
    const path = `/v1/users/${person.id}/password_reset`;
    const answer = await app.post(path, { token });
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 202, body: REQUESTED });
    const log = await app.get(`/v1/audit_events?user_id=${person.id}`, { token });
    expect(log.body.audit_events[0]).toMatchObject({ action: 'user.password_reset_requested' });
    expectStatus(await reset(outbox.token(person.id)), 200);
    expectErrors(
      await app.post(path, { token: await app.signIn({ ...person, password: NEW }) }),
      403,
      NOT_AUTHORIZED,
    );
    expectErrors(await app.post('/v1/users/999999/password_reset', { token }), 404, 'User not found');
    expectStatus(await app.post(`/v1/users/${person.id}/cancel`, { token }), 200);
    expectErrors(await app.post(path, { token }), 422, { base: ['is not allowed'] });
  });
});

describe('a token', () => {
  it('a reset token is 256 random bits, of which only the hash is stored', async () => {
    const person = await app.parent();
    const token = await tokenFor(person);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(await app.sql('SELECT token_digest FROM password_resets WHERE user_id = ?', [person.id])).toEqual([
      { token_digest: createHash('sha256').update(token).digest('hex') },
    ]);
  });

  it('a reset token can be validated, in the query and in the body, without being used up', async () => {
    const person = await app.parent();
    const token = await tokenFor(person);
    const expiresAt = new Date(app.clock.now().getTime() + 60 * MINUTE).toISOString();
    for (let time = 0; time < 2; time += 1) {
      for (const answer of [
        await app.get(`/v1/users/passwords/validate?token=${token}`),
        await validate(token),
      ]) {
        expect({ status: answer.status, body: answer.body }).toEqual({
          status: 200,
          body: { valid: true, expires_at: expiresAt },
        });
        expect(answer.headers.get('cache-control')).toBe('no-store');
      }
    }
    expectStatus(await reset(token), 200);
  });

  const DEAD: Record<string, (person: Person, token: string) => Promise<string | void>> = {
    wrong: async (_, token) => `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`,
    'cut short': async (_, token) => token.slice(0, -1),
    'in another case': async (_, token) => token.toLowerCase(),
    'with a blank': async (_, token) => `${token} `,
    'its own hash': async (_, token) => createHash('sha256').update(token).digest('hex'),
    'a pattern': async () => '%',
    'the token of a session': async (person) => person.token,
    'a confirmation code': async (person) => outbox.code(person.id),
    used: async (_, token) => {
      expectStatus(await reset(token), 200);
    },
    replaced: async (person) => {
      await tokenFor(person);
    },
    expired: async () => app.clock.forward(60 * MINUTE),
    'of a cancelled account': async (person) => {
      await app.cancel(person);
    },
    'of an account that was cancelled in between': async (person) => {
      const { token } = await app.firstAdmin();
      expectStatus(await app.post(`/v1/users/${person.id}/cancel`, { token }), 200);
      expectStatus(await app.post(`/v1/users/${person.id}/reactivate`, { token }), 200);
    },
    'older than a new password': async (person) => {
      expectStatus(await app.change(person, { password: 'in the meantime another' }), 200);
    },
    'older than a new address': async (person) => {
      expectStatus(await app.change(person, { email: someone().email }), 200);
    },
    'of a deleted account': async (person) => {
      expectStatus(await app.asAdmin('DELETE', `/v1/users/${person.id}`), 204);
    },
  };

  it.each(Object.entries(DEAD))('a reset token is invalid when it is %s', async (_, kill) => {
    const person = await app.parent();
    const token = await tokenFor(person);
    const dead = (await kill(person, token)) ?? token;
    const query = new URLSearchParams({ token: dead }).toString();
    expect((await app.get(`/v1/users/passwords/validate?${query}`)).body).toEqual({ valid: false });
    expect((await validate(dead)).body).toEqual({ valid: false });
    expectErrors(await reset(dead, 'some new passphrase'), 401, 'Invalid Token');
    expectErrors(await reset(dead, 'short'), 401, 'Invalid Token');
    expect(await signsIn(person, 'some new passphrase')).toBe(false);
  });

  it('a reset token outlives changes that have nothing to do with it', async () => {
    const person = await app.parent();
    const token = await tokenFor(person);
    expectStatus(await app.change(person, { first_name: 'Other', phone: '+15551234567' }), 200);
    app.clock.forward(60 * MINUTE - 1);
    expectStatus(await reset(token), 200);
  });

  it('a reset token opens nothing else', async () => {
    const person = await app.parent();
    const token = await tokenFor(person);
    expectErrors(await app.get('/v1/users/me', { token }), 401, NOT_AUTHORIZED);
    expectErrors(await app.get(`/v1/users/me?token=${token}`), 401, NOT_AUTHORIZED);
    expectErrors(await app.enterCode(person.id, token), 401, 'Invalid Code');
  });

  it.each([
    [['a'], 'is invalid'],
    [{ $ne: '' }, 'is invalid'],
    [123456, 'is invalid'],
    [true, 'is invalid'],
    [false, 'is invalid'],
    [null, "can't be blank"],
    ['', "can't be blank"],
    [undefined, "can't be blank"],
  ])('the value %j is no reset token and is answered 422', async (token, message) => {
    expectErrors(await validate(token), 422, { token: [message] });
    expectErrors(await reset(token), 422, { token: [message] });
  });

  it('a reset token has to be in the query exactly once', async () => {
    expectErrors(await app.get('/v1/users/passwords/validate'), 422, { token: ["can't be blank"] });
    expectErrors(await app.get('/v1/users/passwords/validate?token='), 422, { token: ["can't be blank"] });
    expectErrors(await app.get('/v1/users/passwords/validate?token=a&token=b'), 422, {
      token: ['is invalid'],
    });
    expectErrors(await app.get('/v1/users/passwords/validate?token[]=a'), 422, {
      token: ["can't be blank"],
    });
  });

  it('an account has one valid reset token, however many are asked for at once', async () => {
    const person = await app.parent();
    const answers = await Promise.all(Array.from({ length: 8 }, () => app.requestReset(person.email)));
    for (const answer of answers) expectStatus(answer, 202);
    const tokens = outbox
      .to(person.id)
      .flatMap(({ values }) => (values['link'] ? [new URL(values['link']).searchParams.get('token')!] : []));
    expect(new Set(tokens).size).toBe(8);
    const valid = await Promise.all(
      tokens.map(async (token) => (await validate(token)).body.valid as boolean),
    );
    expect(valid.filter(Boolean)).toHaveLength(1);
  });
});

describe('the new password', () => {
  it('a reset makes the new password valid, and ends the old one and all sessions', async () => {
    const person = await app.parent();
    const second = await app.signIn(person);
    const token = await tokenFor(person);
    // Even the session that sends the request ends: who has the link need not be who has the session.
    const body = { token, password: NEW, password_confirmation: NEW };
    const answer = await app.post('/v1/users/passwords/reset', { body, token: person.token });
    expect({ status: answer.status, text: answer.text }).toEqual({
      status: 200,
      text: JSON.stringify({ reset: true, user: { id: person.id, email: person.email, confirmed: false } }),
    });
    for (const session of [person.token, second]) {
      expectErrors(await app.get('/v1/users/me', { token: session }), 401, NOT_AUTHORIZED);
    }
    expect(await signsIn(person, person.password)).toBe(false);
    expect(await signsIn(person, NEW)).toBe(true);
  });

  it('a reset is announced to the owner', async () => {
    const person = await app.parent();
    expectStatus(await reset(await tokenFor(person)), 200);
    expect(outbox.to(person.id).at(-1)).toMatchObject({
      kind: 'password_changed',
      channel: 'email',
      destination: person.email,
      suppressed: false,
    });
  });

  it('the password of a reset is brought to NFKC like every other', async () => {
    const person = await app.parent();
    const more = { password_confirmation: 'ﬁne passphrase Å' };
    expectStatus(await reset(await tokenFor(person), 'fine passphrase A\u030A', more), 200);
    expect(await signsIn(person, 'fine passphrase Å')).toBe(true);
  });

  const BAD: [string, object, object][] = [
    ['too short', { password: 'short12' }, { password: ['is too short (minimum is 8 characters)'] }],
    ['too long', { password: 'ä'.repeat(37) }, { password: ['is too long (maximum is 72 bytes)'] }],
    ['common', { password: 'Password1' }, { password: ['is too common'] }],
    ['missing', { password: undefined }, { password: ["can't be blank"] }],
    ['blank', { password: '          ' }, { password: ["can't be blank"] }],
    ['with NUL', { password: 'nul \0 character' }, { password: ['is invalid'] }],
    ['a number', { password: 1234567890 }, { password: ['is invalid'] }],
    ['a list', { password: ['long enough itself'] }, { password: ['is invalid'] }],
    ['an object', { password: { a: 1 } }, { password: ['is invalid'] }],
    ['true', { password: true }, { password: ['is invalid'] }],
    [
      'confirmed otherwise',
      { password_confirmation: `${NEW}!` },
      { password_confirmation: ["doesn't match password"] },
    ],
    [
      'confirmed with a number',
      { password_confirmation: 12345678 },
      { password_confirmation: ['is invalid'] },
    ],
    [
      'common and confirmed otherwise',
      { password: 'password', password_confirmation: 'x' },
      { password: ['is too common'], password_confirmation: ["doesn't match password"] },
    ],
  ];

  it.each(BAD)('a password that is %s leaves the reset token valid', async (_, values, errors) => {
    const person = await app.parent();
    const token = await tokenFor(person);
    expectErrors(await reset(token, NEW, values), 422, errors);
    expect((await validate(token)).body).toMatchObject({ valid: true });
    expect(await signsIn(person, person.password)).toBe(true);
    expectStatus(await reset(token), 200);
  });

  it("the password of a reset may not be the owner's name or address", async () => {
    const person = await app.parent({ user: { first_name: 'Alexandrine', last_name: 'Bergström' } });
    const token = await tokenFor(person);
    for (const password of [
      person.email,
      person.email.split('@')[0],
      'ALEXANDRINE',
      'alexandrine bergström',
    ]) {
      expectErrors(await reset(token, password), 422, {
        password: ['must not be your name or e-mail address'],
      });
    }
  });

  it('a reset token sets one password, however many bring it at once', async () => {
    const person = await app.parent();
    const token = await tokenFor(person);
    const passwords = Array.from({ length: 20 }, (_, index) => `passphrase number ${index}`);
    const answers = await Promise.all(passwords.map((password) => reset(token, password)));
    const winners = passwords.filter((_, index) => answers[index]!.status === 200);
    expect(winners).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expectErrors(answer, 401, 'Invalid Token');
    }
    expect(await signsIn(person, winners[0]!)).toBe(true);
    expect(outbox.to(person.id).filter(({ kind }) => kind === 'password_changed')).toHaveLength(1);
  });

  it('a reset wins or loses against a cancellation, never half of it', async () => {
    const { token } = await app.firstAdmin();
    for (let round = 0; round < 5; round += 1) {
      const person = await app.parent();
      const secret = await tokenFor(person);
      const [answer, cancelled] = await Promise.all([
        reset(secret),
        app.post(`/v1/users/${person.id}/cancel`, { token }),
      ]);
      expectStatus(cancelled, 200);
      if (answer.status !== 200) expectErrors(answer, 401, 'Invalid Token');
      const [user] = await app.sql('SELECT active FROM users WHERE id = ?', [person.id]);
      expect(Number(user!['active'])).toBe(0);
      const notices = outbox.to(person.id).filter(({ kind }) => kind === 'password_changed');
      expect(notices).toHaveLength(answer.status === 200 ? 1 : 0);
    }
  });
});

describe('an address that is changed', () => {
  it('a changed address gets no more links, and notices go to it all the same', async () => {
    const person = await app.parent();
    const email = someone().email;
    expectStatus(await app.change(person, { email, password: 'a password of both at once' }), 200);
    const notices = outbox.to(person.id).filter(({ kind }) => kind.endsWith('_changed'));
    expect(Object.fromEntries(notices.map(({ kind, destination }) => [kind, destination]))).toEqual({
      email_changed: person.email,
      password_changed: person.email,
    });
    const before = outbox.messages.length;
    expectStatus(await app.requestReset(person.email), 202);
    expect(outbox.messages).toHaveLength(before);
    expectStatus(await app.requestReset(email), 202);
    expect(outbox.messages.at(-1)).toMatchObject({ kind: 'password_reset', destination: email });
  });
});
