import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../support/durations.js';
import { expectErrors, expectStatus } from '../../support/expectations.js';
import { type InProcessApp, TestApp, untilTestEnds } from '../../support/test-app.js';

const WRONG = 'Invalid email or password';

let app: InProcessApp;

beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app?.stop());

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length / 2]!;

describe('signing in', () => {
  it('a sign-in answers with a token, the absolute end of the session and the user', async () => {
    const person = await app.parent({ user: { phone: '+1-555-123-4567' } });
    const answer = await app.trySignIn(person.email, person.password);
    expect(answer.status).toBe(201);
    expect(Object.keys(answer.body)).toEqual(['token', 'expires_at', 'user']);
    expect(answer.body.token).toMatch(/^gu_[A-Za-z0-9_-]{43}$/);
    expect(answer.headers.get('x-user-token')).toBe(answer.body.token);
    expect(answer.body.expires_at).toBe(app.clock.later(30 * DAY));
    const me = await app.get('/v1/users/me', { token: answer.body.token });
    expect(JSON.stringify(answer.body.user)).toBe(me.text);
  });

  it('a session ends after 12 hours for administrators and approved clinical users', async () => {
    for (const person of [await app.admin(), await app.clinician()]) {
      const { body } = expectStatus(await app.trySignIn(person.email, person.password), 201);
      expect(body.expires_at).toBe(app.clock.later(12 * HOUR));
    }
    const declared = await app.parent({ clinical: true });
    const { body } = expectStatus(await app.trySignIn(declared.email, declared.password), 201);
    expect(body.expires_at).toBe(app.clock.later(30 * DAY));
  });

  it('a sign-in takes the address in any case, and unconfirmed users', async () => {
    const person = await app.parent();
    expectStatus(await app.trySignIn(` ${person.email.toUpperCase()} `, person.password), 201);
  });

  it('a sign-in is recorded as last_sign_in_at', async () => {
    const person = await app.parent();
    app.clock.forward(HOUR);
    const at = app.clock.now().toISOString();
    await app.signIn(person);
    const { token } = await app.firstAdmin();
    const { body } = await app.get(`/v1/users/${person.id}`, { token });
    expect(body.last_sign_in_at).toBe(at);
    expect(body.updated_at).toBe(body.created_at);
  });

  it('a wrong password is answered 401 like an unknown address', async () => {
    const person = await app.parent();
    const texts = new Set<string>();
    for (const [email, password] of [
      [person.email, 'wrong password'],
      ['nobody@example.com', person.password],
      ['nobody@example.com', 'wrong password'],
      ['no address at all', person.password],
      ['mike@[127.0.0.1]', 'x'],
      [`${'x'.repeat(300)}@example.com`, 'x'],
      [person.email, 'x'.repeat(5000)],
      [person.email, `${person.password} `],
      [person.email, ` ${person.password}`],
      [person.email, person.password.toUpperCase()],
    ] as const) {
      const answer = await app.trySignIn(email, password);
      expectErrors(answer, 401, WRONG);
      expect(answer.headers.get('x-user-token')).toBeNull();
      texts.add(answer.text);
    }
    expect(texts.size).toBe(1);
  });

  it.each<[unknown, Record<string, string[]>]>([
    [{}, { email: ["can't be blank"], password: ["can't be blank"] }],
    [
      { email: '', password: '' },
      { email: ["can't be blank"], password: ["can't be blank"] },
    ],
    [{ email: '  ', password: 'x' }, { email: ["can't be blank"] }],
    [
      { email: null, password: null },
      { email: ["can't be blank"], password: ["can't be blank"] },
    ],
    [{ email: 'john@example.com' }, { password: ["can't be blank"] }],
    [
      { user: { email: 'john@example.com', password: 'x' } },
      { email: ["can't be blank"], password: ["can't be blank"] },
    ],
  ])('a sign-in with %j is answered 422', async (body, errors) => {
    expectErrors(await app.post('/v1/sessions', { body }), 422, errors);
  });

  it(
    'a sign-in takes as long for an unknown address as for a wrong password',
    { timeout: 60_000 },
    async () => {
      const person = await app.parent();
      const slow = await untilTestEnds(TestApp.spawn({ BCRYPT_COST: '10' }));
      await slow.signUp({ user: { email: person.email, password: person.password } });
      const times = { known: [] as number[], unknown: [] as number[] };
      for (let round = 0; round < 12; round += 1) {
        for (const [kind, email] of [
          ['known', person.email],
          ['unknown', `nobody${round}@example.com`],
        ] as const) {
          const start = performance.now();
          const answer = await slow.post('/v1/sessions', { body: { email, password: 'wrong password' } });
          times[kind].push(performance.now() - start);
          expectErrors(answer, 401, WRONG);
        }
      }
      const ratio = median(times.known) / median(times.unknown);
      expect(ratio).toBeGreaterThan(0.6);
      expect(ratio).toBeLessThan(1.6);
    },
  );

  it('a sign-in renews a password digest of another cost', async () => {
    const person = await app.parent();
    const digest = async () =>
      (
        await app.sql<{ password_digest: string }>('SELECT password_digest FROM users WHERE id = ?', [
          person.id,
        ])
      )[0]!.password_digest;
    const first = await digest();
    await app.signIn(person);
    expect(await digest()).toBe(first);
    const { hashSync } = await import('bcryptjs');
    await app.sql('UPDATE users SET password_digest = ? WHERE id = ?', [
      hashSync(person.password, 5),
      person.id,
    ]);
    expectErrors(await app.trySignIn(person.email, 'wrong password'), 401, WRONG);
    expect(await digest()).toMatch(/^\$2b\$05\$/);
    await app.signIn(person);
    expect(await digest()).toMatch(/^\$2b\$04\$/);
    expect(await app.isSignedIn(person.token)).toBe(true);
    expect(await app.isSignedIn(await app.signIn(person))).toBe(true);
  });
});
