import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditLog, type AuditLog } from '../../support/audit.js';
import { expectErrors, expectStatus, NOT_AUTHORIZED } from '../../support/expectations.js';
import { type Person, someone } from '../../support/people.js';
import { TestApp } from '../../support/test-app.js';

let app: TestApp;
let root: Person;
let audit: AuditLog;

beforeAll(async () => {
  app = await TestApp.spawn();
  root = await app.firstAdmin();
  audit = auditLog(app);
});
afterAll(() => app?.stop());

describe('reading', () => {
  it("reading another person's account leaves an audit event, reading one's own leaves none", async () => {
    const clinician = await app.clinician();
    const parent = await app.parent();
    const read = (path: string, token: string) =>
      audit.eventsOf((options) => app.get(path, { ...options, token }));
    const [, byClinician] = await read(`/v1/users/${parent.id}`, clinician.token);
    expect(byClinician).toMatchObject([{ action: 'user.read', actor_id: clinician.id, user_id: parent.id }]);
    const [, byAdmin] = await read(`/v1/users/${clinician.id}`, root.token);
    expect(byAdmin).toMatchObject([{ action: 'user.read', actor_id: root.id, user_id: clinician.id }]);
    for (const path of [`/v1/users/${parent.id}`, '/v1/users/me', '/v1/users', '/v1/sessions']) {
      const [answer, own] = await read(path, parent.token);
      expectStatus(answer, 200);
      expect(own).toEqual([]);
    }
    const [refused, none] = await read(`/v1/users/${clinician.id}`, parent.token);
    expectErrors(refused, 403, NOT_AUTHORIZED);
    expect(none).toMatchObject([{ action: 'access.denied', user_id: clinician.id }]);
  });

  it("reading a list leaves one audit event with all ids but one's own", async () => {
    const name = someone().last_name;
    const people: Person[] = [];
    for (let count = 0; count < 3; count++) people.push(await app.parent({ user: { last_name: name } }));
    const clinician = await app.clinician({ user: { last_name: name } });
    const ids = people.map(({ id }) => id);
    const list = (query: string) =>
      audit.eventsOf((options) =>
        app.get(`/v1/users?search=${name}&${query}`, { ...options, token: clinician.token }),
      );
    const [answer, found] = await list('sort_dir=DESC');
    expect(answer.body.users.map(({ id }: Person) => id)).toEqual([clinician.id, ...ids.toReversed()]);
    expect(found).toMatchObject([
      { action: 'user.listed', actor_id: clinician.id, user_id: null, user_ids: ids },
    ]);
  });

  it('support lists and ends the sessions of a person, which leaves audit events', async () => {
    const parent = await app.parent();
    const path = `/v1/users/${parent.id}/sessions`;
    const [answer, found] = await audit.eventsOf((options) =>
      app.get(path, { ...options, token: root.token }),
    );
    expect(expectStatus(answer, 200).body).toEqual({
      sessions: [
        {
          id: expect.any(Number),
          current: false,
          created_at: expect.any(String),
          last_seen_at: expect.any(String),
          expires_at: expect.any(String),
          ip: '127.0.0.1',
          user_agent: null,
        },
      ],
    });
    expect(found).toMatchObject([{ action: 'user.sessions_read', actor_id: root.id, user_id: parent.id }]);
    expectErrors(await app.get(path), 401, NOT_AUTHORIZED);
    for (const other of [parent, await app.clinician()]) {
      expectErrors(await app.get(path, { token: other.token }), 403, NOT_AUTHORIZED);
      expectErrors(await app.delete(path, { token: other.token }), 403, NOT_AUTHORIZED);
    }
    expectErrors(
      await app.get('/v1/users/4000000000/sessions', { token: root.token }),
      404,
      'User not found',
    );
    expectErrors(
      await app.delete('/v1/users/4000000000/sessions', { token: root.token }),
      404,
      'User not found',
    );
    expectErrors(await app.get('/v1/users/abc/sessions', { token: parent.token }), 404, 'User not found');
    expectStatus(await app.delete(path, { token: root.token }), 204);
    expectErrors(await app.get('/v1/users/me', { token: parent.token }), 401, NOT_AUTHORIZED);
    // To oneself it is what DELETE /v1/sessions does.
    expectStatus(await app.delete(`/v1/users/${root.id}/sessions`, { token: root.token }), 204);
    expectStatus(await app.get('/v1/users/me', { token: root.token }), 200);
  });

  it('the reason for reading is kept, cut to 200 characters', async () => {
    const parent = await app.parent();
    const read = async (reason: string) => {
      const [, [event]] = await audit.eventsOf(({ headers }) =>
        app.get(`/v1/users/${parent.id}`, {
          token: root.token,
          headers: { ...headers, 'X-Access-Reason': Buffer.from(reason).toString('latin1') },
        }),
      );
      return event?.reason;
    };
    expect(await read('Follow-up call')).toBe('Follow-up call');
    expect(await read('Rückruf wegen Überweisung 📞')).toBe('Rückruf wegen Überweisung 📞');
    expect(await read('📞'.repeat(201))).toBe('📞'.repeat(200));
    expect(await read('   ')).toBeNull();
    const list = await audit.eventsOf(({ headers }) =>
      app.get('/v1/users', { token: root.token, headers: { ...headers, 'X-Access-Reason': 'Statistics' } }),
    );
    expect(list[1]).toMatchObject([{ action: 'user.listed', reason: 'Statistics' }]);
  });
});

describe('what is kept', () => {
  it('audit events keep the bare id of a user who was deleted', async () => {
    const person = await app.parent();
    await app.get(`/v1/users?search=${person.email}`, { token: root.token });
    expectStatus(await app.delete(`/v1/users/${person.id}`, { token: root.token }), 204);
    expect(await audit.actions(`user_id=${person.id}`)).toEqual([
      'user.deleted',
      'user.listed',
      'user.created',
    ]);
    expectErrors(
      await app.get(`/v1/users/${person.id}/access_report`, { token: root.token }),
      404,
      'User not found',
    );
  });

  it('audit events hold nothing that people entered about themselves', async () => {
    const secret = someone();
    const user = { ...secret, phone: '+15550009999', date_of_birth: '1990-05-17', language: 'gsw-CH' };
    const person = await app.parent({ user });
    const later = { email: someone().email, first_name: 'Veryrarename', password: 'even later secrets' };
    expectStatus(
      await app.put(`/v1/users/${person.id}`, { token: person.token, body: { user: later } }),
      200,
    );
    await app.post('/v1/sessions', { body: { email: later.email, password: 'a wrong password' } });
    await app.get(`/v1/users?search=${later.first_name}`, { token: root.token });
    const rows = [
      ...(await app.sql('SELECT * FROM audit_events')),
      ...(await app.sql('SELECT * FROM audit_event_users')),
    ];
    const text = JSON.stringify(rows).toLowerCase();
    for (const value of [...Object.values(user), ...Object.values(later), 'a wrong password', person.token])
      expect(text).not.toContain(value.toLowerCase());
  });
});
