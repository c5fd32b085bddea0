import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditEvent, auditLog, type AuditLog } from '../../support/audit.js';
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

describe('GET /v1/audit_events', () => {
  it('only administrators read the audit log', async () => {
    expectErrors(await app.get('/v1/audit_events'), 401, NOT_AUTHORIZED);
    for (const other of [await app.parent(), await app.clinician()])
      expectErrors(await app.get('/v1/audit_events', { token: other.token }), 403, NOT_AUTHORIZED);
  });

  it('the audit log is paged like every list, newest first', async () => {
    const person = await app.parent();
    for (let count = 0; count < 4; count++) await app.get(`/v1/users/${person.id}`, { token: root.token });
    const path = `/v1/audit_events?user_id=${person.id}&page_size=2`;
    const first = await app.get(path, { token: root.token });
    expect(first.body.meta).toEqual({ page: 1, page_size: 2, total_count: 5, total_pages: 3 });
    expect(first.headers.get('link')).toBe(
      [1, 2, 3]
        .map((page, index) => {
          const rel = ['first', 'next', 'last'][index];
          return `</v1/audit_events?user_id=${person.id}&page_size=2&page=${page}>; rel="${rel}"`;
        })
        .join(', '),
    );
    const ids: number[] = [];
    for (let page = 1; page <= 4; page++) {
      const { body } = await app.get(`${path}&page=${page}`, { token: root.token });
      ids.push(...(body.audit_events as AuditEvent[]).map(({ id }) => id));
    }
    expect(ids).toHaveLength(5);
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
    const empty = await app.get('/v1/audit_events?user_id=4000000000', { token: root.token });
    expect(empty.body).toEqual({
      audit_events: [],
      meta: { page: 1, page_size: 50, total_count: 0, total_pages: 0 },
    });
  });

  it('the audit log is filtered by account (in lists too), actor, action, time, and all together', async () => {
    const name = someone().last_name;
    const clinician = await app.clinician();
    const [one, two] = [
      await app.parent({ user: { last_name: name } }),
      await app.parent({ user: { last_name: name } }),
    ];
    const act = { token: clinician.token };
    await app.get(`/v1/users/${one.id}`, act);
    await app.get(`/v1/users?search=${name}`, act);
    await app.get(`/v1/users/${one.id}`, act);
    const [, ...rest] = await audit.events(`user_id=${one.id}`);
    expect(rest.map(({ action }) => action)).toEqual(['user.listed', 'user.read', 'user.created']);
    expect(await audit.actions(`user_id=${two.id}`)).toEqual(['user.listed', 'user.created']);
    expect(await audit.actions(`actor_id=${clinician.id}`)).toEqual([
      'user.read',
      'user.listed',
      'user.read',
    ]);
    expect(await audit.actions(`actor_id=${clinician.id}&action=user.listed`)).toEqual(['user.listed']);
    expect(await audit.events(`actor_id=${clinician.id}&action=user`)).toEqual([]);
    const both = `user_id=${one.id}&actor_id=${clinician.id}`;
    expect(await audit.actions(both)).toEqual(['user.read', 'user.listed', 'user.read']);
    const [last, listed, first] = await audit.events(both);
    const range = (from?: string, to?: string) =>
      audit.events(`${both}${from ? `&from=${from}` : ''}${to ? `&to=${to}` : ''}`);
    expect(await range(first!.created_at, last!.created_at)).toHaveLength(3);
    expect(await range('2020-01-01', '2020-12-31')).toEqual([]);
    expect(await range(new Date(Date.parse(last!.created_at) + 1).toISOString())).toEqual([]);
    const upTo = await range(undefined, listed!.created_at);
    expect(upTo.map(({ id }) => id)).toContain(first!.id);
    expect(await range(last!.created_at, '2020-01-01')).toEqual([]);
  });

  it('pages of the audit log hold single and list events in one order', async () => {
    const name = someone().last_name;
    const parent = await app.parent({ user: { last_name: name } });
    for (let round = 0; round < 3; round++) {
      await app.get(`/v1/users?search=${name}`, { token: root.token });
      await app.get(`/v1/users/${parent.id}`, { token: root.token });
    }
    const seen: string[] = [];
    for (let page = 1; page <= 4; page++) {
      const path = `/v1/audit_events?user_id=${parent.id}&page_size=2&page=${page}`;
      const { body } = await app.get<{ audit_events: AuditEvent[] }>(path, { token: root.token });
      seen.push(...body.audit_events.map(({ action }) => action));
    }
    expect(seen).toEqual([
      'user.read',
      'user.listed',
      'user.read',
      'user.listed',
      'user.read',
      'user.listed',
      'user.created',
    ]);
  });

  it.each([
    ['user_id=abc', { user_id: ['must be an integer'] }],
    ['user_id=0', { user_id: ['must be greater than or equal to 1'] }],
    ['actor_id=4294967296', { actor_id: ['must be less than or equal to 4294967295'] }],
    ['from=yesterday', { from: ['is invalid'] }],
    ['to=2026-02-30', { to: ['is invalid'] }],
    [
      'page=0&page_size=201',
      { page: ['must be greater than or equal to 1'], page_size: ['must be less than or equal to 200'] },
    ],
    ['action=a&action=b', { action: ['is invalid'] }],
  ])('the audit log refuses the query %s', async (query, errors) => {
    expectErrors(await app.get(`/v1/audit_events?${query}`, { token: root.token }), 422, errors);
  });

  it('the audit log takes empty parameters as absent', async () => {
    const answer = await app.get('/v1/audit_events?user_id=&actor_id=&action=&from=&to=&unknown=1', {
      token: root.token,
    });
    expectStatus(answer, 200);
    expect(answer.body.meta.total_count).toBeGreaterThan(0);
  });
});
