import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../support/client.js';
import { expectErrors, expectStatus, NOT_AUTHORIZED } from '../../support/expectations.js';
import { type RecordedOutbox, recordOutbox } from '../../support/outbox.js';
import type { Person } from '../../support/people.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

const NEW = 'quite another passphrase';

let app: InProcessApp;
let outbox: RecordedOutbox;

beforeAll(async () => {
  app = await TestApp.start();
  outbox = recordOutbox(app);
});
afterAll(() => app?.stop());

const reset = (token: unknown, password: unknown = NEW, more: object = {}): Promise<Answer> =>
  app.resetPassword(token, password, more);

async function signsIn({ email }: Person, password: string): Promise<boolean> {
  return (await app.trySignIn(email, password)).status === 201;
}

describe('the new password', () => {
  it('a reset makes the new password valid, and ends the old one and all sessions', async () => {
    const person = await app.parent();
    const second = await app.signIn(person);
    const token = await outbox.resetToken(person);
    // Even the session that sends the request ends: who has the link need not be who has the session.
    const body = { token, password: NEW, password_confirmation: NEW };
    const answer = await app.post('/v1/users/passwords/reset', { body, token: person.token });
    expect({ status: answer.status, text: answer.text }).toEqual({
      status: 200,
      text: JSON.stringify({ reset: true, user: { id: person.id, email: person.email, confirmed: true } }),
    });
    for (const session of [person.token, second]) {
      expectErrors(await app.get('/v1/users/me', { token: session }), 401, NOT_AUTHORIZED);
    }
    expect(await signsIn(person, person.password)).toBe(false);
    expect(await signsIn(person, NEW)).toBe(true);
  });

  it('a reset is announced to the owner', async () => {
    const person = await app.parent();
    expectStatus(await reset(await outbox.resetToken(person)), 200);
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
    expectStatus(await reset(await outbox.resetToken(person), 'fine passphrase A\u030A', more), 200);
    expect(await signsIn(person, 'fine passphrase Å')).toBe(true);
  });

  const BAD: [string, object, object][] = [
    ['too short', { password: 'short12' }, { password: ['is too short (minimum is 8 characters)'] }],
    [
      'too long',
      { password: 'äöü ÄÖÜ ß é è ê ë à â î ï ô û ù ç ñ å ø æ œ ÿ æøå' },
      { password: ['is too long (maximum is 72 bytes)'] },
    ],
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
    const token = await outbox.resetToken(person);
    expectErrors(await reset(token, NEW, values), 422, errors);
    expect((await app.validateReset(token)).body).toMatchObject({ valid: true });
    expect(await signsIn(person, person.password)).toBe(true);
    expectStatus(await reset(token), 200);
  });

  it("the password of a reset may not be the owner's name or address", async () => {
    const person = await app.parent({ user: { first_name: 'Alexandrine', last_name: 'Bergström' } });
    const token = await outbox.resetToken(person);
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
    const token = await outbox.resetToken(person);
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
      const secret = await outbox.resetToken(person);
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
