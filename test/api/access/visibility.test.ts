import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountActions, type AccountActions } from '../../support/account-actions.js';
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

/** By keyset pagination, to the end. */
async function idsSeenBy({ token }: Person): Promise<number[]> {
  const ids: number[] = [];
  for (;;) {
    const path = `/v1/users?page_size=100&after_id=${ids.at(-1) ?? 0}`;
    const { body } = expectStatus(await app.get(path, { token }), 200);
    if (body.users.length === 0) return ids;
    ids.push(...(body.users as Person[]).map(({ id }) => id));
  }
}

describe('list', () => {
  it('a parent, and one who only declares to be clinical, lists themselves alone', async () => {
    expect(await idsSeenBy(parent)).toEqual([parent.id]);
    expect(await idsSeenBy(declared)).toEqual([declared.id]);
  });

  it('an approved clinical user lists all parents, an administrator all users', async () => {
    const all = await app.sql<{ id: number; role: string }>('SELECT id, role FROM users ORDER BY id');
    expect(await idsSeenBy(clinician)).toEqual(
      all.filter(({ role }) => role === 'parent').map(({ id }) => id),
    );
    expect(await idsSeenBy(admin)).toEqual(all.map(({ id }) => id));
    expect(all.some(({ role }) => role === 'admin')).toBe(true);
  });

  it('filters and searches show no user who may not be seen', async () => {
    for (const query of [
      'role=admin',
      `search=${admin.email}`,
      `search=first.admin`,
      'after_id=0&role=admin',
      'clinical=true',
      'active=0',
    ]) {
      const { body } = expectStatus(await app.get(`/v1/users?${query}`, { token: parent.token }), 200);
      expect({ query, users: body.users, total: body.meta.total_count }).toEqual({
        query,
        users: [],
        total: 0,
      });
    }
    const { body } = await app.get('/v1/users?role=admin', { token: clinician.token });
    expect(body.users).toEqual([]);
  });
});

describe('what is shown', () => {
  const ADMIN_ONLY = [
    'template',
    'native_signup',
    'clinical_approved',
    'confirmed_at',
    'cancelled_at',
    'last_sign_in_at',
  ];

  it('administrators see the additional fields wherever a user is answered, others nowhere', async () => {
    const subject = await app.parent();
    const answers = async (token: string, id: number) => [
      (await app.get(`/v1/users/${id}`, { token })).body,
      (await app.get('/v1/users/me', { token })).body,
      ...(await app.get('/v1/users', { token })).body.users,
      (await app.put(`/v1/users/${id}`, { token, body: {} })).body,
    ];
    for (const shown of await answers(admin.token, subject.id))
      expect(Object.keys(shown).slice(13)).toEqual(ADMIN_ONLY);
    for (const shown of await answers(subject.token, subject.id)) expect(Object.keys(shown)).toHaveLength(13);
    for (const shown of await answers(clinician.token, clinician.id))
      expect(Object.keys(shown)).toHaveLength(13);

    for (const action of ['cancel', 'reactivate', 'role', 'clinical_approval'] as const) {
      const { body } = await perform[action](subject.id, admin.token);
      expect(Object.keys(body).slice(13)).toEqual(ADMIN_ONLY);
    }
    const signedIn = await app.post('/v1/sessions', {
      body: { email: admin.email, password: admin.password },
    });
    expect(Object.keys(signedIn.body.user).slice(13)).toEqual(ADMIN_ONLY);
    const created = await app.post('/v1/users', {
      token: admin.token,
      body: {
        user: {
          email: 'made.by.admin@example.com',
          password: 'quite a secret',
          first_name: 'A',
          last_name: 'B',
        },
      },
    });
    expect(Object.keys(created.body).slice(13)).toEqual(ADMIN_ONLY);
  });
});

describe('changes take effect with the very next request', () => {
  it('a clinical approval takes effect with the very next request', async () => {
    const person = await app.parent({ clinical: true });
    await app.confirm(person.id);
    const read = async () => (await app.get(`/v1/users/${parent.id}`, { token: person.token })).status;
    const approve = async (approved: boolean) =>
      expectStatus(
        await app.put(`/v1/users/${person.id}/clinical_approval`, { token: admin.token, body: { approved } }),
        200,
      );
    expect(await read()).toBe(403);
    await approve(true);
    expect(await read()).toBe(200);
    await approve(false);
    expect(await read()).toBe(403);
    await approve(true);
    expectStatus(
      await app.put(`/v1/users/${person.id}`, { token: person.token, body: { clinical: false } }),
      200,
    );
    expect(await read()).toBe(403);
    // Declaring it again does not bring the approval back.
    expectStatus(
      await app.put(`/v1/users/${person.id}`, { token: person.token, body: { clinical: true } }),
      200,
    );
    expect(await read()).toBe(403);
  });

  it('a new role ends the sessions, and the next ones have its rights', async () => {
    const person = await app.admin();
    expect((await perform.read(parent.id, person.token)).status).toBe(200);
    expectStatus(await perform.role(person.id, root.token), 200);
    expectErrors(await perform.read(parent.id, person.token), 401, NOT_AUTHORIZED);
    expectErrors(await perform.read(parent.id, await app.signIn(person)), 403, NOT_AUTHORIZED);
  });

  it('a cancellation or deletion makes the token invalid at once', async () => {
    for (const action of ['cancel', 'delete'] as const) {
      const person = await app.parent();
      await perform[action](person.id, root.token);
      expectErrors(await perform.read(person.id, person.token), 401, NOT_AUTHORIZED);
    }
  });

  it('a parent who becomes an administrator is no longer seen by clinical users', async () => {
    const person = await app.parent();
    expect((await perform.read(person.id, clinician.token)).status).toBe(200);
    expectStatus(
      await app.put(`/v1/users/${person.id}/role`, { token: root.token, body: { role: 'admin' } }),
      200,
    );
    expectErrors(await perform.read(person.id, clinician.token), 403, NOT_AUTHORIZED);
  });
});
