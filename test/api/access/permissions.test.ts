import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountActions, type AccountActions, type Action, ACTIONS } from '../../support/account-actions.js';
import { expectErrors, expectStatus, NOT_AUTHORIZED } from '../../support/expectations.js';
import type { Person } from '../../support/people.js';
import { TestApp } from '../../support/test-app.js';

let app: TestApp;
let root: Person;
let parent: Person;
let clinician: Person;
let declared: Person;
let admin: Person;
let perform: AccountActions;

beforeAll(async () => {
  app = await TestApp.spawn();
  root = await app.firstAdmin();
  parent = await app.parent();
  clinician = await app.clinician();
  declared = await app.parent({ clinical: true });
  admin = await app.admin();
  perform = accountActions(app);
});
afterAll(() => app?.stop());

const ACTORS = {
  'an approved clinical user': () => app.clinician(),
  'a declared clinical user': () => app.parent({ clinical: true }),
  'a parent': () => app.parent(),
  'an administrator': () => app.admin(),
};
type Actor = keyof typeof ACTORS;

const SUBJECTS = {
  themselves: async (actor: Person) => actor,
  'a parent': () => app.parent(),
  'a cancelled parent': async () => {
    const person = await app.parent();
    await app.cancel(person);
    return person;
  },
  'a clinical user': () => app.clinician(),
  'an administrator': () => app.admin(),
};
type Subject = keyof typeof SUBJECTS;

const OTHERS: Subject[] = ['a parent', 'a cancelled parent', 'a clinical user', 'an administrator'];
const OF_ADMINS: Action[] = ['reactivate', 'role', 'clinical_approval', 'delete'];

/** The table "Who may do what" of the contract, row by row. */
function isPermitted(actor: Actor, action: Action, subject: Subject): boolean {
  if (actor === 'an administrator') return true;
  if (OF_ADMINS.includes(action)) return false;
  if (subject === 'themselves') return true;
  // Clinical is a declaration, the role of such a user is still parent.
  return actor === 'an approved clinical user' && action === 'read' && subject !== 'an administrator';
}

describe.each(Object.keys(ACTORS) as Actor[])('%s', (actor) => {
  describe.each(ACTIONS)('%s', (action) => {
    it.each(['themselves', ...OTHERS] as Subject[])(
      `${actor} is answered as the table of permissions says to ${action} of %s`,
      async (subject) => {
        const who = await ACTORS[actor]();
        const whom = await SUBJECTS[subject](who);
        const before = await app.get(`/v1/users/${whom.id}`, { token: root.token });
        const answer = await perform[action](whom.id, who.token);
        if (isPermitted(actor, action, subject)) {
          expectStatus(answer, action === 'delete' ? 204 : 200);
          return;
        }
        expectErrors(answer, 403, NOT_AUTHORIZED);
        const after = await app.get(`/v1/users/${whom.id}`, { token: root.token });
        expect(after.body).toEqual(before.body);
      },
    );
  });
});

describe('nobody signed in', () => {
  it.each(ACTIONS)('%s without a token is answered 401', async (action) => {
    for (const id of [parent.id, 4_000_000_000]) {
      expectErrors(await perform[action](id), 401, NOT_AUTHORIZED);
      expectErrors(await perform[action](id, `gu_${'A'.repeat(43)}`), 401, NOT_AUTHORIZED);
    }
  });

  it('the list of users and /me without a token are answered 401', async () => {
    expectErrors(await app.get('/v1/users'), 401, NOT_AUTHORIZED);
    expectErrors(await app.get('/v1/users/me'), 401, NOT_AUTHORIZED);
  });
});

describe('what wins', () => {
  const nonsense = { body: { user: { email: 5 }, role: 5, approved: 5 } };

  it('401 is answered before 404 and 422', async () => {
    expectErrors(await app.put(`/v1/users/${parent.id}`, nonsense), 401, NOT_AUTHORIZED);
    expectErrors(await app.put('/v1/users/4000000000', nonsense), 401, NOT_AUTHORIZED);
    expectErrors(await app.put('/v1/users/abc', nonsense), 401, NOT_AUTHORIZED);
    expectErrors(await app.put(`/v1/users/${parent.id}/role`, nonsense), 401, NOT_AUTHORIZED);
    expectErrors(await app.get('/v1/users?page=0'), 401, NOT_AUTHORIZED);
    expectErrors(await app.delete('/v1/sessions/abc'), 401, NOT_AUTHORIZED);
  });

  it('403 is answered before 404 and 422', async () => {
    for (const id of [admin.id, 4_000_000_000]) {
      const asParent = { ...nonsense, token: parent.token };
      expectErrors(await app.get(`/v1/users/${id}`, { token: parent.token }), 403, NOT_AUTHORIZED);
      expectErrors(await app.put(`/v1/users/${id}`, asParent), 403, NOT_AUTHORIZED);
      for (const who of [parent, clinician, declared]) {
        const sent = { ...nonsense, token: who.token };
        expectErrors(await app.put(`/v1/users/${id}/role`, sent), 403, NOT_AUTHORIZED);
        expectErrors(await app.put(`/v1/users/${id}/clinical_approval`, sent), 403, NOT_AUTHORIZED);
        expectErrors(await app.delete(`/v1/users/${id}`, { token: who.token }), 403, NOT_AUTHORIZED);
        expectErrors(await app.post(`/v1/users/${id}/cancel`, { token: who.token }), 403, NOT_AUTHORIZED);
      }
    }
  });

  it('a parent learns nothing about which ids exist', async () => {
    const existing = await app.get(`/v1/users/${clinician.id}`, { token: parent.token });
    const missing = await app.get('/v1/users/4000000000', { token: parent.token });
    expect(existing.text).toBe(missing.text);
    expect([existing.status, missing.status]).toEqual([403, 403]);
  });

  it('an administrator or clinical user is answered 404 where there is no such user', async () => {
    expectErrors(await app.get('/v1/users/4000000000', { token: admin.token }), 404, 'User not found');
    expectErrors(await app.get('/v1/users/4000000000', { token: clinician.token }), 404, 'User not found');
    for (const action of ['update', 'cancel', 'reactivate', 'role', 'clinical_approval', 'delete'] as const) {
      expectErrors(await perform[action](4_000_000_000, admin.token), 404, 'User not found');
    }
  });

  it('an id that is none is answered 404 with any token', async () => {
    for (const who of [parent, clinician, declared, admin]) {
      for (const action of ACTIONS) {
        expectErrors(await perform[action]('007', who.token), 404, 'User not found');
      }
    }
  });
});

describe('every route', () => {
  // What the contract opens to everybody. A route that is not named here needs a token, whoever adds it.
  const PUBLIC = new Set([
    'POST /v1/users',
    'POST /v1/users/confirmation',
    'POST /v1/users/email_has_account',
    'POST /v1/users/passwords',
    'GET /v1/users/passwords/validate',
    'POST /v1/users/passwords/validate',
    'POST /v1/users/passwords/reset',
    'POST /v1/sessions',
    'GET /health/live',
    'GET /health/ready',
    'GET /metrics',
  ]);
  const METHODS = new Set(['get', 'put', 'post', 'delete', 'patch', 'head', 'options']);

  it('every route that is not public answers 401 without a token, and says so in the OpenAPI document', async () => {
    const { body: document } = expectStatus(await app.get('/docs/openapi.json'), 200);
    const routes = Object.entries<Record<string, { security?: object[] }>>(document.paths).flatMap(
      ([path, item]) =>
        Object.entries(item)
          .filter(([method]) => METHODS.has(method))
          .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    );
    expect(routes.length).toBeGreaterThan(15);
    const closed = routes.filter(
      ({ method, path }) => !PUBLIC.has(`${method} ${path}`) && !path.startsWith('/dev/'),
    );
    for (const { method, path, operation } of closed) {
      const route = `${method} ${path}`;
      const url = path.replaceAll(/\{[^}]+\}/g, String(parent.id));
      expectErrors(await app.send(method, url), 401, NOT_AUTHORIZED);
      expectErrors(await app.send(method, url, { body: { user: 1 } }), 401, NOT_AUTHORIZED);
      expect({ route, security: operation.security }).toEqual({
        route,
        security: [{ userToken: [] }, { bearer: [] }],
      });
    }
    for (const { method, path, operation } of routes.filter((route) => !closed.includes(route))) {
      const route = `${method} ${path}`;
      const answer = await app.send(method, path.replaceAll(/\{[^}]+\}/g, '1'));
      expect({ route, closed: answer.body?.errors === NOT_AUTHORIZED }).toEqual({ route, closed: false });
      expect({ route, security: operation.security }).toEqual({
        route,
        security: expect.arrayContaining([{}]),
      });
    }
  });

  it('an invalid token is taken as none where none is needed', async () => {
    for (const headers of [
      { 'X-User-Token': 'nonsense' },
      { 'X-User-Token': `gu_${'A'.repeat(43)}` },
      { Authorization: 'Bearer nonsense' },
      { Authorization: 'Basic am9objpqb2hu' },
    ] as Record<string, string>[]) {
      const body = { email: parent.email };
      expectStatus(await app.post('/v1/users/email_has_account', { headers, body }), 200);
      expectStatus(
        await app.post('/v1/sessions', { headers, body: { email: parent.email, password: parent.password } }),
        201,
      );
    }
  });
});
