import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../support/client.js';
import { DAY, MINUTE, SECOND } from '../../support/durations.js';
import { expectErrors, expectStatus, NOT_AUTHORIZED } from '../../support/expectations.js';
import type { Person } from '../../support/people.js';
import { type ListedSession, sessionsOf } from '../../support/sessions.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

let app: InProcessApp;

beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app?.stop());

describe('the list of sessions', () => {
  it("the list of sessions shows one's own, with every field", async () => {
    const person = await app.parent();
    const first = app.clock.later(0);
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
      created_at: app.clock.later(0),
      last_seen_at: app.clock.later(0),
      expires_at: app.clock.later(30 * DAY),
      ip: '127.0.0.1',
      user_agent: expect.stringMatching(/^Test\/1\.0/),
    });
    expect(sessions.find(({ current }) => !current)).toMatchObject({ created_at: first, user_agent: null });
    expect(listed.text).not.toMatch(/gu_|token|digest/);
    const other = await sessionsOf(app, person.token);
    expect(other.map(({ id }) => id)).toEqual(sessions.map(({ id }) => id));
    expect(other.find(({ current }) => current)).toMatchObject({ created_at: first });
  });

  it('the list of sessions shows live ones only', async () => {
    const person = await app.parent();
    app.clock.forward(13 * DAY);
    const token = await app.signIn(person);
    app.clock.forward(DAY + MINUTE);
    expect(await sessionsOf(app, token)).toHaveLength(1);
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
    expect(await sessionsOf(app, person.token)).toHaveLength(5);
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
    const { id } = (await sessionsOf(app, other)).find(({ current }) => current)!;
    expectStatus(await app.delete(`/v1/sessions/${id}`, { token: person.token }), 204);
    expect(await app.isSignedIn(other)).toBe(false);
    expectErrors(await app.delete(`/v1/sessions/${id}`, { token: person.token }), 404, 'Session not found');
    const [own] = await sessionsOf(app, person.token);
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
    const [session] = await sessionsOf(app, person.token);
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
    expect(await sessionsOf(app, tokens.at(-1)!)).toHaveLength(10);
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
