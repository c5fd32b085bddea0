import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditLog, type AuditLog } from '../../support/audit.js';
import { expectErrors, expectStatus, NOT_AUTHORIZED } from '../../support/expectations.js';
import type { Person } from '../../support/people.js';
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

const report = (id: number | string, token?: string, query = '') =>
  app.get(`/v1/users/${id}/access_report${query}`, { token });

describe('GET /v1/users/{id}/access_report', () => {
  it('the access report tells its owner and administrators who read or changed the account, and why', async () => {
    const clinician = await app.clinician();
    const person = await app.parent();
    await app.get(`/v1/users/${person.id}`, {
      token: clinician.token,
      headers: { 'X-Access-Reason': 'Consultation', 'X-Request-Id': 'consultation-1' },
    });
    await app.get(`/v1/users?search=${person.email}`, { token: root.token });
    await app.change(person, { last_name: 'Later' });
    // Neither read nor changed the account.
    await app.signIn(person);
    await app.post('/v1/sessions', { body: { email: person.email, password: 'wrong password' } });
    const answer = await report(person.id, person.token);
    const entry = {
      created_at: expect.any(String),
      ip: '127.0.0.1',
      request_id: expect.any(String),
      reason: null,
    };
    expect(expectStatus(answer, 200).body).toEqual({
      access_report: [
        { ...entry, action: 'user.updated', actor_id: person.id, actor_role: 'parent' },
        { ...entry, action: 'user.listed', actor_id: root.id, actor_role: 'admin' },
        {
          ...entry,
          action: 'user.read',
          actor_id: clinician.id,
          actor_role: 'parent',
          request_id: 'consultation-1',
          reason: 'Consultation',
        },
        { ...entry, action: 'user.created', actor_id: null, actor_role: null },
      ],
      meta: { page: 1, page_size: 50, total_count: 4, total_pages: 1 },
    });
    const [seen, left] = await audit.eventsOf((options) =>
      app.get(`/v1/users/${person.id}/access_report`, { ...options, token: root.token }),
    );
    expect(seen.body).toEqual(answer.body);
    expect(left).toMatchObject([{ action: 'access_report.read', actor_id: root.id, user_id: person.id }]);
    const [read, ...rest] = (await report(person.id, person.token)).body.access_report;
    expect(read).toEqual({
      ...entry,
      action: 'access_report.read',
      actor_id: root.id,
      actor_role: 'admin',
    });
    expect(rest).toEqual(answer.body.access_report);
    const second = await report(person.id, person.token, '?page_size=3&page=2');
    expect(second.body.access_report).toEqual(answer.body.access_report.slice(2));
    expect(second.headers.get('link')).toContain(
      `</v1/users/${person.id}/access_report?page_size=3&page=1>; rel="prev"`,
    );
  });

  it('the access report keeps the role that the actor had at the time', async () => {
    const [person, admin] = [await app.parent(), await app.admin()];
    await app.get(`/v1/users/${person.id}`, { token: admin.token });
    expectStatus(
      await app.put(`/v1/users/${admin.id}/role`, { token: root.token, body: { role: 'parent' } }),
      200,
    );
    const { body } = await report(person.id, person.token);
    expect(body.access_report[0]).toMatchObject({ actor_id: admin.id, actor_role: 'admin' });
  });

  it('the access report is for its owner and administrators alone', async () => {
    const person = await app.parent();
    expectErrors(await report(person.id), 401, NOT_AUTHORIZED);
    for (const other of [await app.parent(), await app.clinician()]) {
      expectErrors(await report(person.id, other.token), 403, NOT_AUTHORIZED);
      expectErrors(await report(4_000_000_000, other.token), 403, NOT_AUTHORIZED);
      expectErrors(await report('abc', other.token), 404, 'User not found');
    }
    expectErrors(await report(4_000_000_000, root.token), 404, 'User not found');
    expectErrors(await report(person.id, person.token, '?page=x'), 422, { page: ['must be an integer'] });
  });
});
