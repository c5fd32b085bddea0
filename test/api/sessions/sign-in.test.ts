import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../support/client.js';
import { DAY, HOUR, MINUTE, SECOND } from '../../support/durations.js';
import { expectErrors, expectStatus, NOT_AUTHORIZED } from '../../support/expectations.js';
import type { Person } from '../../support/people.js';
import { type InProcessApp, TestApp, untilTestEnds } from '../../support/test-app.js';

const WRONG = 'Invalid email or password';

let app: InProcessApp;

beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app?.stop());

interface ListedSession {
  id: number;
  current: boolean;
  created_at: string;
  last_seen_at: string;
  expires_at: string;
  ip: string;
  user_agent: string | null;
}
const sessionsOf = async (token: string): Promise<ListedSession[]> =>
  expectStatus(await app.get('/v1/sessions', { token }), 200).body.sessions;
const later = (milliseconds: number) => new Date(app.clock.now().getTime() + milliseconds).toISOString();

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length / 2]!;

const whoAmI = (headers: Record<string, string | string[]>) => app.get('/v1/users/me', { headers });

/** Uses the session every so often, until a moment after its start. */
async function use(token: string, every: number, until: number): Promise<boolean> {
  const end = app.clock.now().getTime() + until;
  while (app.clock.now().getTime() + every < end) {
    app.clock.forward(every);
    if (!(await app.isSignedIn(token))) return false;
  }
  app.clock.set(new Date(end));
  return app.isSignedIn(token);
}

describe('signing in', () => {
  it('a sign-in answers with a token, the absolute end of the session and the user', async () => {
    const person = await app.parent({ user: { phone: '+1-555-123-4567' } });
    const answer = await app.trySignIn(person.email, person.password);
    expect(answer.status).toBe(201);
    expect(Object.keys(answer.body)).toEqual(['token', 'expires_at', 'user']);
    expect(answer.body.token).toMatch(/^gu_[A-Za-z0-9_-]{43}$/);
    expect(answer.headers.get('x-user-token')).toBe(answer.body.token);
    expect(answer.body.expires_at).toBe(later(30 * DAY));
    const me = await app.get('/v1/users/me', { token: answer.body.token });
    expect(JSON.stringify(answer.body.user)).toBe(me.text);
  });

  it('a session ends after 12 hours for administrators and approved clinical users', async () => {
    for (const person of [await app.admin(), await app.clinician()]) {
      const { body } = expectStatus(await app.trySignIn(person.email, person.password), 201);
      expect(body.expires_at).toBe(later(12 * HOUR));
    }
    const declared = await app.parent({ clinical: true });
    const { body } = expectStatus(await app.trySignIn(declared.email, declared.password), 201);
    expect(body.expires_at).toBe(later(30 * DAY));
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

describe('the token', () => {
  let person: Person;

  beforeAll(async () => {
    person = await app.parent();
  });

  it.each<[string, (token: string) => Record<string, string>]>([
    ['X-User-Token', (token) => ({ 'X-User-Token': token })],
    ['x-user-token', (token) => ({ 'x-user-token': token })],
    ['Bearer', (token) => ({ Authorization: `Bearer ${token}` })],
    ['bearer', (token) => ({ Authorization: `bearer ${token}` })],
    ['BEARER', (token) => ({ authorization: `BEARER ${token}` })],
    ['Bearer with more blanks', (token) => ({ Authorization: `Bearer   ${token}` })],
    [
      'an empty X-User-Token and Bearer',
      (token) => ({ 'X-User-Token': '', Authorization: `Bearer ${token}` }),
    ],
    ['both alike', (token) => ({ 'X-User-Token': token, Authorization: `Bearer ${token}` })],
  ])('a token in %s is accepted', async (_, headers) => {
    expectStatus(await whoAmI(headers(person.token)), 200);
  });

  it.each<[string, (token: string) => Record<string, string | string[]>]>([
    ['none', () => ({})],
    ['empty', () => ({ 'X-User-Token': '' })],
    ['blank', () => ({ 'X-User-Token': '   ' })],
    ['unknown', () => ({ 'X-User-Token': `gu_${'A'.repeat(43)}` })],
    ['cut', (token) => ({ 'X-User-Token': token.slice(0, -1) })],
    ['longer', (token) => ({ 'X-User-Token': `${token}A` })],
    ['without its prefix', (token) => ({ 'X-User-Token': token.slice(3) })],
    ['with another prefix', (token) => ({ 'X-User-Token': `xx_${token.slice(3)}` })],
    ['in upper case', (token) => ({ 'X-User-Token': token.toUpperCase() })],
    ['quoted', (token) => ({ 'X-User-Token': `"${token}"` })],
    ['its digest', (token) => ({ 'X-User-Token': createHash('sha256').update(token).digest('hex') })],
    ['with a scheme in X-User-Token', (token) => ({ 'X-User-Token': `Bearer ${token}` })],
    ['without a scheme in Authorization', (token) => ({ Authorization: token })],
    ['with another scheme', (token) => ({ Authorization: `Token ${token}` })],
    ['as Basic', (token) => ({ Authorization: `Basic ${Buffer.from(`x:${token}`).toString('base64')}` })],
    ['with something behind it', (token) => ({ Authorization: `Bearer ${token} x` })],
    ['twice in a header', (token) => ({ 'X-User-Token': `${token}, ${token}` })],
    ['in two headers of a name', (token) => ({ 'X-User-Token': [token, token] })],
    ['beside another one', (token) => ({ 'X-User-Token': ['x', token] })],
    ['in a cookie', (token) => ({ Cookie: `X-User-Token=${token}; token=${token}; session=${token}` })],
    ['in another header', (token) => ({ 'X-Auth-Token': token, 'X-Api-Key': token, Token: token })],
    ['very long', () => ({ 'X-User-Token': `gu_${'A'.repeat(8000)}` })],
    ['__proto__', () => ({ 'X-User-Token': '__proto__' })],
    ['SQL', () => ({ 'X-User-Token': "gu_' OR '1'='1" })],
    ['not ASCII', () => ({ 'X-User-Token': `gu_${'\u00e9'.repeat(43)}` })],
  ])('a request is answered 401 when its token is none: %s', async (_, headers) => {
    expectErrors(await whoAmI(headers(person.token)), 401, NOT_AUTHORIZED);
  });

  it('a token is never read from the query or the body', async () => {
    const { token } = person;
    const query = `token=${token}&access_token=${token}&X-User-Token=${token}&x_user_token=${token}`;
    expectErrors(await app.get(`/v1/users/me?${query}`), 401, NOT_AUTHORIZED);
    const body = { token, 'X-User-Token': token, user: { token } };
    expectErrors(await app.put(`/v1/users/${person.id}`, { body }), 401, NOT_AUTHORIZED);
  });

  it('a second Authorization header is not looked at', async () => {
    const { status } = await whoAmI({ Authorization: ['Bearer nonsense', `Bearer ${person.token}`] });
    expect(status).toBe(401);
  });

  it('a token is stored as a digest alone', async () => {
    const rows = await app.sql<{ token_digest: string | Buffer }>(
      'SELECT * FROM sessions WHERE user_id = ?',
      [person.id],
    );
    expect(rows).toHaveLength(1);
    expect(String(rows[0]!.token_digest)).toBe(createHash('sha256').update(person.token).digest('hex'));
    expect(JSON.stringify(rows)).not.toContain(person.token.slice(3));
    expect(JSON.stringify(rows)).not.toContain(person.token.slice(3, 20));
  });

  it('every sign-in has a token of its own', async () => {
    const tokens = new Set<string>();
    for (let i = 0; i < 10; i += 1) tokens.add(await app.signIn(person));
    expect(tokens.size).toBe(10);
  });
});

describe('the list of sessions', () => {
  it("the list of sessions shows one's own, with every field", async () => {
    const person = await app.parent();
    const first = later(0);
    app.clock.forward(MINUTE);
    const answer = await app.post('/v1/sessions', {
      body: { email: person.email, password: person.password },
      headers: { 'User-Agent': 'Test/1.0 (ünknown)', 'Content-Type': 'application/json' },
    });
    const { token } = answer.body;
    const listed = expectStatus(await app.get('/v1/sessions', { token }), 200);
    expect(Object.keys(listed.body)).toEqual(['sessions']);
    const sessions: ListedSession[] = listed.body.sessions;
    expect(sessions).toHaveLength(2);
    for (const session of sessions) {
      expect(Object.keys(session)).toEqual([
        'id',
        'current',
        'created_at',
        'last_seen_at',
        'expires_at',
        'ip',
        'user_agent',
      ]);
    }
    expect(sessions.find(({ current }) => current)).toEqual({
      id: expect.any(Number),
      current: true,
      created_at: later(0),
      last_seen_at: later(0),
      expires_at: later(30 * DAY),
      ip: '127.0.0.1',
      user_agent: expect.stringMatching(/^Test\/1\.0/),
    });
    expect(sessions.find(({ current }) => !current)).toMatchObject({ created_at: first, user_agent: null });
    expect(listed.text).not.toMatch(/gu_|token|digest/);
    const other = await sessionsOf(person.token);
    expect(other.map(({ id }) => id)).toEqual(sessions.map(({ id }) => id));
    expect(other.find(({ current }) => current)).toMatchObject({ created_at: first });
  });

  it('the list of sessions shows live ones only', async () => {
    const person = await app.parent();
    app.clock.forward(13 * DAY);
    const token = await app.signIn(person);
    app.clock.forward(DAY + MINUTE);
    expect(await sessionsOf(token)).toHaveLength(1);
    expect(await app.isSignedIn(person.token)).toBe(false);
  });

  it('a session keeps any user agent', async () => {
    const person = await app.parent();
    for (const agent of [
      'x'.repeat(5000),
      '<script>alert(1)</script>',
      "'; DROP TABLE sessions; --",
      '\u00ff\u00fe',
    ]) {
      const answer = await app.post('/v1/sessions', {
        body: { email: person.email, password: person.password },
        headers: { 'User-Agent': agent, 'Content-Type': 'application/json' },
      });
      expectStatus(answer, 201);
    }
    expect(await sessionsOf(person.token)).toHaveLength(5);
  });
});

describe('ending sessions', () => {
  it('ending the current session leaves the others', async () => {
    const person = await app.parent();
    const other = await app.signIn(person);
    const answer = await app.delete('/v1/sessions/current', { token: person.token });
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 204, text: '' });
    expect(await app.isSignedIn(person.token)).toBe(false);
    expect(await app.isSignedIn(other)).toBe(true);
    expectErrors(await app.delete('/v1/sessions/current', { token: person.token }), 401, NOT_AUTHORIZED);
  });

  it('a session is ended by its id, the current one too', async () => {
    const person = await app.parent();
    const other = await app.signIn(person);
    const { id } = (await sessionsOf(other)).find(({ current }) => current)!;
    expectStatus(await app.delete(`/v1/sessions/${id}`, { token: person.token }), 204);
    expect(await app.isSignedIn(other)).toBe(false);
    expectErrors(await app.delete(`/v1/sessions/${id}`, { token: person.token }), 404, 'Session not found');
    const [own] = await sessionsOf(person.token);
    expectStatus(await app.delete(`/v1/sessions/${own!.id}`, { token: person.token }), 204);
    expect(await app.isSignedIn(person.token)).toBe(false);
  });

  it('ending all other sessions leaves the current one', async () => {
    const person = await app.parent();
    const others = [await app.signIn(person), await app.signIn(person)];
    const stranger = await app.parent();
    expectStatus(await app.delete('/v1/sessions', { token: person.token }), 204);
    expect(await app.isSignedIn(person.token)).toBe(true);
    for (const token of others) expect(await app.isSignedIn(token)).toBe(false);
    expect(await app.isSignedIn(stranger.token)).toBe(true);
    expectStatus(await app.delete('/v1/sessions', { token: person.token }), 204);
  });

  it('the session of another user is answered 404, even for an administrator', async () => {
    const [person, stranger, admin] = [await app.parent(), await app.parent(), await app.admin()];
    const [session] = await sessionsOf(person.token);
    for (const { token } of [stranger, admin]) {
      expectErrors(await app.delete(`/v1/sessions/${session!.id}`, { token }), 404, 'Session not found');
    }
    expect(await app.isSignedIn(person.token)).toBe(true);
    for (const id of ['0', '-1', '1e3', '0x1', 'abc', '4294967296', '9007199254740993', '4294967295']) {
      expectErrors(await app.delete(`/v1/sessions/${id}`, { token: person.token }), 404, 'Session not found');
    }
  });

  it('ending sessions without a token is answered 401', async () => {
    for (const path of ['/v1/sessions', '/v1/sessions/current', '/v1/sessions/1', '/v1/sessions/abc']) {
      expectErrors(await app.delete(path), 401, NOT_AUTHORIZED);
    }
  });
});

describe('ten sessions at the most', () => {
  it('an eleventh session ends the oldest', async () => {
    const person = await app.parent();
    const tokens = [person.token];
    for (let i = 0; i < 12; i += 1) {
      app.clock.forward(SECOND);
      tokens.push(await app.signIn(person));
    }
    const alive = [];
    for (const token of tokens) alive.push(await app.isSignedIn(token));
    expect(alive).toEqual([...Array(3).fill(false), ...Array(10).fill(true)]);
    expect(await sessionsOf(tokens.at(-1)!)).toHaveLength(10);
  });

  it('sessions that have ended do not count among the ten', async () => {
    const person = await app.parent();
    for (let i = 0; i < 9; i += 1) await app.signIn(person);
    app.clock.forward(31 * DAY);
    const tokens = [];
    for (let i = 0; i < 10; i += 1) tokens.push(await app.signIn(person));
    for (const token of tokens) expect(await app.isSignedIn(token)).toBe(true);
  });
});

describe('lifetimes', () => {
  it('a session lasts 30 days, however much it is used', async () => {
    const { token } = await app.parent();
    expect(await use(token, 10 * DAY, 30 * DAY - SECOND)).toBe(true);
    app.clock.forward(SECOND);
    expect(await app.isSignedIn(token)).toBe(false);
  });

  it('a session ends after 14 idle days', async () => {
    const [used, unused] = [await app.parent(), await app.parent()];
    app.clock.forward(14 * DAY - MINUTE);
    expect(await app.isSignedIn(used.token)).toBe(true);
    app.clock.forward(MINUTE);
    expect(await app.isSignedIn(unused.token)).toBe(false);
    app.clock.forward(14 * DAY - 2 * MINUTE);
    expect(await app.isSignedIn(used.token)).toBe(true);
    // Once it has ended, nothing brings it back.
    expect(await app.isSignedIn(unused.token)).toBe(false);
  });

  it.each([
    ['an administrator', () => app.admin()],
    ['an approved clinical user', () => app.clinician()],
  ])('the session of %s lasts 12 hours', async (_, create) => {
    const person = await create();
    const token = await app.signIn(person);
    expect(await use(token, 10 * MINUTE, 12 * HOUR - SECOND)).toBe(true);
    app.clock.forward(SECOND);
    expect(await app.isSignedIn(token)).toBe(false);
  });

  it.each([
    ['an administrator', () => app.admin()],
    ['an approved clinical user', () => app.clinician()],
  ])('the session of %s ends after 15 idle minutes', async (_, create) => {
    const person = await create();
    const token = await app.signIn(person);
    app.clock.forward(14 * MINUTE);
    expect(await app.isSignedIn(token)).toBe(true);
    app.clock.forward(14 * MINUTE);
    expect(await app.isSignedIn(token)).toBe(true);
    app.clock.forward(15 * MINUTE + SECOND);
    expect(await app.isSignedIn(token)).toBe(false);
  });

  it('the lifetime of a session depends on what the user is at the time of the request', async () => {
    const person = await app.parent({ clinical: true });
    await app.confirm(person.id);
    const approve = async (approved: boolean) => {
      const { token } = await app.firstAdmin();
      const path = `/v1/users/${person.id}/clinical_approval`;
      expectStatus(await app.put(path, { token, body: { approved } }), 200);
    };
    app.clock.forward(10 * HOUR);
    const young = await app.signIn(person);
    app.clock.forward(3 * HOUR);
    expect(await app.isSignedIn(person.token)).toBe(true);
    expect(await app.isSignedIn(young)).toBe(true);
    await approve(true);
    // 13 hours old, and so too old for what its user is now; the other one is not.
    expect(await app.isSignedIn(person.token)).toBe(false);
    expect(await app.isSignedIn(young)).toBe(true);
    expect((await sessionsOf(young)).map(({ expires_at: end }) => end)).toEqual([later(9 * HOUR)]);
    app.clock.forward(16 * MINUTE);
    expect(await app.isSignedIn(young)).toBe(false);
    await approve(false);
    const fresh = await app.signIn(person);
    app.clock.forward(13 * HOUR);
    expect(await app.isSignedIn(fresh)).toBe(true);
  });

  it('the last use of a session is recorded at most once a minute', async () => {
    const person = await app.parent();
    const created = app.clock.now().toISOString();
    const lastSeen = async () => (await sessionsOf(person.token))[0]!.last_seen_at;
    app.clock.forward(59 * SECOND);
    expect(await lastSeen()).toBe(created);
    app.clock.forward(2 * SECOND);
    await app.isSignedIn(person.token);
    expect(await lastSeen()).toBe(app.clock.now().toISOString());
  });
});

describe('what ends sessions', () => {
  it.each<[string, (person: Person, admin: Person) => Promise<Answer>, boolean]>([
    [
      'a new password, but for the session that sets it',
      (person) =>
        app.put(`/v1/users/${person.id}`, {
          token: person.token,
          body: { user: { password: 'another secret' } },
        }),
      true,
    ],
    [
      'a password that an administrator sets',
      (person, { token }) =>
        app.put(`/v1/users/${person.id}`, { token, body: { user: { password: 'another secret' } } }),
      false,
    ],
    ['cancelling', (person) => app.post(`/v1/users/${person.id}/cancel`, { token: person.token }), false],
    [
      'another role',
      (person, { token }) => app.put(`/v1/users/${person.id}/role`, { token, body: { role: 'admin' } }),
      false,
    ],
    ['deleting', (person, { token }) => app.delete(`/v1/users/${person.id}`, { token }), false],
  ])('sessions end with %s', async (_, end, keepsOwn) => {
    const person = await app.parent();
    const other = await app.signIn(person);
    const stranger = await app.parent();
    const { status } = await end(person, await app.firstAdmin());
    expect([200, 204]).toContain(status);
    expect(await app.isSignedIn(other)).toBe(false);
    expect(await app.isSignedIn(person.token)).toBe(keepsOwn);
    expect(await app.isSignedIn(stranger.token)).toBe(true);
  });

  it('a session whose row is gone from the database ends with the very next request', async () => {
    const person = await app.parent();
    expect(await app.isSignedIn(person.token)).toBe(true);
    await app.sql('DELETE FROM sessions WHERE user_id = ?', [person.id]);
    expect(await app.isSignedIn(person.token)).toBe(false);
  });
});
