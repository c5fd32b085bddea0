import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Client } from '../../support/client.js';
import { databaseKind } from '../../support/database.js';
import { expectStatus } from '../../support/expectations.js';
import { type Person, someone } from '../../support/people.js';
import { TestApp } from '../../support/test-app.js';

let app: TestApp;
/** A second process on the same database; the embedded database has only one. */
let replica: TestApp | undefined;
let replicas: TestApp[];

beforeAll(async () => {
  app = await TestApp.spawn();
  replicas = [app];
  if (databaseKind === 'sqlite') return;
  replica = await TestApp.spawn({}, { database: app.database });
  replicas.push(replica);
});
afterAll(async () => {
  await replica?.stop();
  await app?.stop();
});

/** Sends all at once, in turn to the replicas. */
const atOnce = <T>(count: number, send: (api: Client, index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => send(replicas[index % replicas.length]!, index)));

/** How often each status, with what it says, was answered. */
function tally(answers: Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const outcome = status < 400 ? String(status) : `${status} ${JSON.stringify(body?.errors)}`;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

const TAKEN = '422 {"email":["has already been taken"]}';

describe('of sign-ups', () => {
  it('of fifty sign-ups at once with one address one succeeds, and the others hear that it is taken', async () => {
    const { email } = someone();
    const answers = await atOnce(50, (api, index) =>
      api.post('/v1/users', {
        body: { user: { ...someone(), email: index % 3 === 0 ? email.toUpperCase() : email } },
      }),
    );
    expect(tally(answers)).toEqual({ 201: 1, [TAKEN]: 49 });
    expect(await app.sql('SELECT COUNT(*) AS count FROM users WHERE email = ?', [email])).toEqual([
      { count: 1 },
    ]);
    const { headers, body } = answers.find(({ status }) => status === 201)!;
    const sessions = await app.sql<{ user_id: number }>('SELECT user_id FROM sessions');
    expect(sessions.filter(({ user_id: id }) => id === body.id)).toHaveLength(1);
    expect(await app.isSignedIn(headers.get('x-user-token')!)).toBe(true);
    expect(answers.filter((answer) => answer.headers.has('x-user-token'))).toHaveLength(1);
  });

  it('fifty sign-ups at once with as many addresses all succeed, with ids and tokens of their own', async () => {
    const answers = await atOnce(50, (api) => api.post('/v1/users', { body: { user: someone() } }));
    expect(tally(answers)).toEqual({ 201: 50 });
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(50);
    expect(new Set(answers.map(({ headers }) => headers.get('x-user-token'))).size).toBe(50);
  });
});

describe('of sign-ins', () => {
  it('twenty sign-ins at once leave ten sessions', async () => {
    const { email, password, token } = await app.parent();
    const answers = await atOnce(20, (api) => api.post('/v1/sessions', { body: { email, password } }));
    expect(tally(answers)).toEqual({ 201: 20 });
    const tokens = [token, ...answers.map(({ body }) => body.token as string)];
    const alive = await Promise.all(tokens.map((each) => app.isSignedIn(each)));
    expect(alive.filter(Boolean)).toHaveLength(10);
  });

  it('no session of a sign-in outlives a cancellation at the same time', async () => {
    for (let round = 0; round < 5; round += 1) {
      const person = await app.parent();
      const { email, password } = person;
      const [cancelled, ...answers] = await atOnce(7, (api, index) =>
        index === 0
          ? api.post(`/v1/users/${person.id}/cancel`, { token: person.token })
          : api.post('/v1/sessions', { body: { email, password } }),
      );
      expectStatus(cancelled!, 200);
      for (const { status, body } of answers) {
        expect([201, 401, 403]).toContain(status);
        if (status === 201) expectStatus(await app.get('/v1/users/me', { token: body.token }), 401);
      }
      expect(await app.sql('SELECT id FROM sessions WHERE user_id = ?', [person.id])).toEqual([]);
    }
  });

  it('no session of the old password outlives a new password at the same time', async () => {
    for (let round = 0; round < 5; round += 1) {
      const person = await app.parent();
      const { email, password } = person;
      const [changed, ...answers] = await atOnce(7, (api, index) =>
        index === 0
          ? api.put(`/v1/users/${person.id}`, {
              token: person.token,
              body: { user: { password: 'another secret' } },
            })
          : api.post('/v1/sessions', { body: { email, password } }),
      );
      expectStatus(changed!, 200);
      for (const { status, body } of answers) {
        expect([201, 401]).toContain(status);
        if (status === 201) expectStatus(await app.get('/v1/users/me', { token: body.token }), 401);
      }
      expect(await app.isSignedIn(person.token)).toBe(true);
    }
  });
});

describe('of changes', () => {
  it('no change is lost of several at once to different fields', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id, token } = await app.parent();
      const changes = {
        first_name: `First${round}`,
        last_name: `Last${round}`,
        phone: '+1-555-123-4567',
        date_of_birth: '1990-05-15',
        language: 'nl',
        email: someone().email,
      };
      const bodies: object[] = Object.entries(changes).map(([field, value]) => ({
        user: { [field]: value },
      }));
      bodies.push({ clinical: true });
      const answers = await atOnce(bodies.length, (api, index) =>
        api.put(`/v1/users/${id}`, { token, body: bodies[index] }),
      );
      expect(tally(answers)).toEqual({ 200: bodies.length });
      const { body } = await app.get(`/v1/users/${id}`, { token });
      expect(body).toMatchObject({ ...changes, clinical: true });
    }
  });

  it('one of several changes at once to one field wins', async () => {
    const { id, token } = await app.parent();
    const answers = await atOnce(20, (api, index) =>
      api.put(`/v1/users/${id}`, {
        token,
        body: { user: { first_name: `Name${index}`, last_name: `Name${index}` } },
      }),
    );
    expect(tally(answers)).toEqual({ 200: 20 });
    const { body } = await app.get(`/v1/users/${id}`, { token });
    expect(body.first_name).toMatch(/^Name\d+$/);
    expect(body.last_name).toBe(body.first_name);
  });

  it('one of several users who take a new address at once has it', async () => {
    const people = await atOnce(10, () => app.parent());
    const { email } = someone();
    const answers = await atOnce(10, (api, index) => {
      const { id, token } = people[index]!;
      return api.put(`/v1/users/${id}`, { token, body: { user: { email } } });
    });
    expect(tally(answers)).toEqual({ 200: 1, [TAKEN]: 9 });
  });

  it('two users who swap their addresses at once are both refused', async () => {
    const [one, two] = [await app.parent(), await app.parent()];
    const answers = await atOnce(2, (api, index) => {
      const [me, other] = index === 0 ? [one, two] : [two, one];
      return api.put(`/v1/users/${me.id}`, { token: me.token, body: { user: { email: other.email } } });
    });
    expect(tally(answers)).toEqual({ [TAKEN]: 2 });
  });

  it('of several changes of the password at once the current one counts once', async () => {
    const { id, password, token } = await app.parent();
    const answers = await atOnce(10, (api, index) =>
      api.put(`/v1/users/${id}`, {
        token,
        body: { user: { current_password: password, password: `another secret ${index}` } },
      }),
    );
    expect(tally(answers)).toEqual({ 200: 1, '422 {"current_password":["is invalid"]}': 9 });
  });

  it('changes at the same time as a deletion are whole or not at all, never a server error', async () => {
    const { token } = await app.firstAdmin();
    const person = await app.parent();
    const answers = await atOnce(20, (api, index) =>
      index % 4 === 3
        ? api.delete(`/v1/users/${person.id}`, { token })
        : api.put(`/v1/users/${person.id}`, { token, body: { user: { first_name: `Name${index}` } } }),
    );
    const { 200: _, ...others } = tally(answers);
    expect(others).toEqual({ 204: 1, '404 "User not found"': expect.any(Number) });
    expect(await app.sql('SELECT id FROM users WHERE id = ?', [person.id])).toEqual([]);
  });

  it('cancellations and reactivations at once never fail', async () => {
    const { token } = await app.firstAdmin();
    const person = await app.parent();
    const answers = await atOnce(20, (api, index) =>
      api.post(`/v1/users/${person.id}/${index % 2 === 0 ? 'cancel' : 'reactivate'}`, { token }),
    );
    expect(tally(answers)).toEqual({ 200: 20 });
    const { body } = await app.get(`/v1/users/${person.id}`, { token });
    expect(body.active).toBe(body.cancelled_at === null);
  });
});

describe('of administrators', () => {
  it('two administrators who take the role from each other, cancel or delete themselves at once leave one', async () => {
    const takeAway: ((api: Client, me: Person, other: Person) => Promise<Answer>)[] = [
      (api, me, other) =>
        api.put(`/v1/users/${other.id}/role`, { token: me.token, body: { role: 'parent' } }),
      (api, me) => api.post(`/v1/users/${me.id}/cancel`, { token: me.token }),
      (api, me) => api.delete(`/v1/users/${me.id}`, { token: me.token }),
      (api, me) => api.put(`/v1/users/${me.id}/role`, { token: me.token, body: { role: 'parent' } }),
    ];
    const root = await app.firstAdmin();
    for (let round = 0; round < 8; round += 1) {
      // Only these two are active administrators; the first one is not, whatever the round before left.
      const pair = [await app.admin(), await app.admin()];
      await app.sql(
        "UPDATE users SET role = 'parent' WHERE id NOT IN (?, ?)",
        pair.map(({ id }) => id),
      );
      const act = takeAway[round % takeAway.length]!;
      const answers = await atOnce(2, (api, index) => act(api, pair[index]!, pair[1 - index]!));
      for (const { status } of answers) expect([200, 204, 401, 403, 422]).toContain(status);
      expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
      const left = await app.sql("SELECT id FROM users WHERE role = 'admin' AND active = 1");
      expect(left).toHaveLength(1);
      await app.sql("UPDATE users SET role = 'admin' WHERE id = ?", [root.id]);
    }
  });
});

// The embedded database has one process, which is its own replica.
describe('between replicas', () => {
  it('a session that ends at one replica is invalid at the other with the very next request', async () => {
    const [here, there] = [replicas[0]!, replicas.at(-1)!];
    for (let round = 0; round < 5; round += 1) {
      const person = await app.parent();
      expect(await there.isSignedIn(person.token)).toBe(true);
      expectStatus(await here.delete('/v1/sessions/current', { token: person.token }), 204);
      expect(await there.isSignedIn(person.token)).toBe(false);
    }
  });

  it('a permission that ends at one replica ends at the other with the very next request', async () => {
    const there = replicas.at(-1)!;
    const { token } = await app.firstAdmin();
    const [clinician, parent] = [await app.clinician(), await app.parent()];
    expectStatus(await there.get(`/v1/users/${parent.id}`, { token: clinician.token }), 200);
    const path = `/v1/users/${clinician.id}/clinical_approval`;
    expectStatus(await app.put(path, { token, body: { approved: false } }), 200);
    expectStatus(await there.get(`/v1/users/${parent.id}`, { token: clinician.token }), 403);
  });
});
