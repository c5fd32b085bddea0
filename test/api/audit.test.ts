import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectErrors,
  expectStatus,
  FIRST_ADMIN,
  NOT_AUTHORIZED,
  type Person,
  someone,
  startInProcess as startApp,
  type TestApp,
} from '../support/accounts.js';
import type { Answer, RequestOptions } from '../support/client.js';

interface Event {
  id: number;
  created_at: string;
  action: string;
  actor_id: number | null;
  user_id: number | null;
  user_ids: number[] | null;
  ip: string | null;
  request_id: string | null;
  reason: string | null;
}

let app: TestApp;
let root: Person;

beforeAll(async () => {
  app = await startApp();
  root = await app.firstAdmin();
});
afterAll(() => app?.stop());

async function events(query = ''): Promise<Event[]> {
  const answer = await app.get(`/v1/audit_events?page_size=200&${query}`, { token: root.token });
  return (expectStatus(answer, 200).body as { audit_events: Event[] }).audit_events;
}

/** The events of one request, oldest first, by the id that it is given. */
async function eventsOf(act: (options: RequestOptions) => Promise<Answer>): Promise<[Answer, Event[]]> {
  const id = `test-${randomUUID()}`;
  const answer = await act({ headers: { 'X-Request-Id': id } });
  const found = (await events()).filter(({ request_id }) => request_id === id).toReversed();
  return [answer, found];
}

const actions = (found: Event[]): string[] => found.map(({ action }) => action);

type Act = (whom: Person, options: RequestOptions) => Promise<Answer>;
const edit =
  (body: object): Act =>
  (whom, options) =>
    app.put(`/v1/users/${whom.id}`, { ...options, body });
const confirmedClinical = async (): Promise<Person> => {
  const person = await app.parent({ clinical: true });
  await app.confirm(person.id);
  return person;
};
const cancelled = async (): Promise<Person> => {
  const person = await app.parent();
  expectStatus(await app.post(`/v1/users/${person.id}/cancel`, { token: person.token }), 200);
  return person;
};

describe('changes', () => {
  const CHANGES: [string, () => Promise<Person>, Act, string[]][] = [
    ['name', () => app.parent(), edit({ user: { first_name: 'New' } }), ['user.updated']],
    [
      'password',
      () => app.parent(),
      edit({ user: { password: 'another fine secret' } }),
      ['user.updated', 'user.password_changed'],
    ],
    [
      'address',
      () => app.parent({ user: { phone: '+15551234567' } }),
      edit({ user: { email: someone().email } }),
      ['user.updated', 'user.email_changed'],
    ],
    [
      'phone',
      () => app.parent(),
      edit({ user: { phone: '+15557654321' } }),
      ['user.updated', 'user.confirmation_withdrawn'],
    ],
    [
      'clinical taken back',
      () => app.clinician(),
      edit({ clinical: false }),
      ['user.updated', 'user.clinical_approval_withdrawn'],
    ],
    [
      'cancel',
      () => app.parent(),
      (whom, options) => app.post(`/v1/users/${whom.id}/cancel`, options),
      ['user.cancelled'],
    ],
    [
      'reactivate',
      cancelled,
      (whom, options) => app.post(`/v1/users/${whom.id}/reactivate`, options),
      ['user.reactivated'],
    ],
    [
      'role',
      () => app.parent(),
      (whom, options) => app.put(`/v1/users/${whom.id}/role`, { ...options, body: { role: 'admin' } }),
      ['user.role_changed'],
    ],
    [
      'approval',
      confirmedClinical,
      (whom, options) =>
        app.put(`/v1/users/${whom.id}/clinical_approval`, { ...options, body: { approved: true } }),
      ['user.clinical_approved'],
    ],
    [
      'approval withdrawn',
      () => app.clinician(),
      (whom, options) =>
        app.put(`/v1/users/${whom.id}/clinical_approval`, { ...options, body: { approved: false } }),
      ['user.clinical_approval_withdrawn'],
    ],
    [
      'delete',
      () => app.parent(),
      (whom, options) => app.delete(`/v1/users/${whom.id}`, options),
      ['user.deleted'],
    ],
    [
      'sessions',
      () => app.parent(),
      (whom, options) => app.delete(`/v1/users/${whom.id}/sessions`, options),
      ['user.sessions_ended'],
    ],
  ];

  it.each(CHANGES)('%s, by an administrator', async (_, make, act, expected) => {
    const whom = await make();
    const [answer, found] = await eventsOf((options) => act(whom, { ...options, token: root.token }));
    expect(answer.status).toBeLessThan(300);
    expect(actions(found)).toEqual(expected);
    for (const event of found) {
      expect(event).toEqual({
        id: expect.any(Number),
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        action: event.action,
        actor_id: root.id,
        user_id: whom.id,
        user_ids: null,
        ip: '127.0.0.1',
        request_id: expect.stringMatching(/^test-/),
        reason: null,
      });
      expect(Math.abs(Date.now() - Date.parse(event.created_at))).toBeLessThan(60_000);
    }
  });

  it('on one own account', async () => {
    const person = await app.parent();
    const body = { user: { last_name: 'Own' } };
    const [, found] = await eventsOf((options) =>
      app.put(`/v1/users/${person.id}`, { ...options, token: person.token, body }),
    );
    expect(found).toMatchObject([{ action: 'user.updated', actor_id: person.id, user_id: person.id }]);
  });

  it('what is refused leaves no event', async () => {
    const whom = await app.parent();
    const attempts: ((options: RequestOptions) => Promise<Answer>)[] = [
      (options) =>
        app.put(`/v1/users/${whom.id}`, { ...options, body: { user: { email: FIRST_ADMIN.email } } }),
      (options) =>
        app.put(`/v1/users/${whom.id}/clinical_approval`, { ...options, body: { approved: true } }),
      (options) => app.get('/v1/users/4000000000', options),
    ];
    for (const attempt of attempts) {
      const [answer, found] = await eventsOf((options) => attempt({ ...options, token: root.token }));
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(found).toEqual([]);
    }
  });

  it('what another has been shown without a change has been read', async () => {
    const whom = await app.parent();
    const [, found] = await eventsOf((options) =>
      app.put(`/v1/users/${whom.id}`, { ...options, token: root.token, body: {} }),
    );
    expect(found).toMatchObject([{ action: 'user.read', actor_id: root.id, user_id: whom.id }]);
    const [, own] = await eventsOf((options) =>
      app.put(`/v1/users/${whom.id}`, { ...options, token: whom.token, body: {} }),
    );
    expect(own).toEqual([]);
  });
});

describe('signing up and in', () => {
  it('a sign-up, by nobody', async () => {
    const [answer, found] = await eventsOf((options) =>
      app.post('/v1/users', { ...options, body: { user: someone() } }),
    );
    expect(found).toMatchObject([{ action: 'user.created', actor_id: null, user_id: answer.body.id }]);
  });

  it('an account that an administrator makes', async () => {
    const [answer, found] = await eventsOf((options) =>
      app.post('/v1/users', { ...options, token: root.token, body: { user: someone() } }),
    );
    expect(found).toMatchObject([{ action: 'user.created', actor_id: root.id, user_id: answer.body.id }]);
  });

  it('a sign-in, by the person themselves, whatever token comes along', async () => {
    const { email, password, id } = await app.parent();
    const [, found] = await eventsOf((options) =>
      app.post('/v1/sessions', { ...options, token: root.token, body: { email, password } }),
    );
    expect(found).toMatchObject([{ action: 'session.created', actor_id: id, user_id: id }]);
  });

  it('a failed sign-in: of an account, of none, of a cancelled one', async () => {
    const person = await app.parent();
    const attempt = (body: object) => eventsOf((options) => app.post('/v1/sessions', { ...options, body }));
    const [wrong, first] = await attempt({ email: person.email, password: 'wrong password' });
    expectErrors(wrong, 401, 'Invalid email or password');
    expect(first).toMatchObject([{ action: 'session.failed', actor_id: null, user_id: person.id }]);
    const [, second] = await attempt({ email: someone().email, password: 'wrong password' });
    expect(second).toMatchObject([{ action: 'session.failed', actor_id: null, user_id: null }]);
    expectStatus(await app.post(`/v1/users/${person.id}/cancel`, { token: person.token }), 200);
    const [refused, third] = await attempt({ email: person.email, password: person.password });
    expectErrors(refused, 403, 'Account is not active');
    expect(third).toMatchObject([{ action: 'session.failed', actor_id: null, user_id: person.id }]);
  });

  it('the end of sessions, each once', async () => {
    const person = await app.parent();
    const token = await app.signIn(person);
    const [, others] = await eventsOf((options) => app.delete('/v1/sessions', { ...options, token }));
    expect(others).toMatchObject([
      { action: 'session.others_ended', actor_id: person.id, user_id: person.id },
    ]);
    const [, none] = await eventsOf((options) => app.delete('/v1/sessions', { ...options, token }));
    expect(none).toEqual([]);
    const [, out] = await eventsOf((options) => app.delete('/v1/sessions/current', { ...options, token }));
    expect(out).toMatchObject([{ action: 'session.ended', actor_id: person.id, user_id: person.id }]);
  });
});

describe('reading', () => {
  it('of another person is noted, of oneself not', async () => {
    const clinician = await app.clinician();
    const parent = await app.parent();
    const read = (path: string, token: string) => eventsOf((options) => app.get(path, { ...options, token }));
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
    expect(none).toEqual([]);
  });

  it('of a list leaves one event with all the ids but one own', async () => {
    const name = someone().last_name;
    const people: Person[] = [];
    for (let count = 0; count < 3; count++) people.push(await app.parent({ user: { last_name: name } }));
    const clinician = await app.clinician({ user: { last_name: name } });
    const ids = people.map(({ id }) => id);
    const list = (query: string) =>
      eventsOf((options) =>
        app.get(`/v1/users?search=${name}&${query}`, { ...options, token: clinician.token }),
      );
    const [answer, found] = await list('sort_dir=DESC');
    expect(answer.body.users.map(({ id }: Person) => id)).toEqual([clinician.id, ...ids.toReversed()]);
    expect(found).toMatchObject([
      { action: 'user.listed', actor_id: clinician.id, user_id: null, user_ids: ids },
    ]);
    for (const query of ['page=2&page_size=2', 'page=9', 'after_id=0&page_size=2', `after_id=${ids[2]}`]) {
      const [, all] = await list(query);
      expect(all).toMatchObject([{ action: 'user.listed', user_ids: ids }]);
    }
    const [, plain] = await eventsOf((options) =>
      app.get('/v1/users?page_size=1', { ...options, token: root.token }),
    );
    expect(plain.flatMap(({ user_ids }) => user_ids ?? []).length).toBeLessThan(2);
  });

  it('of sessions, by support', async () => {
    const parent = await app.parent();
    const path = `/v1/users/${parent.id}/sessions`;
    const [answer, found] = await eventsOf((options) => app.get(path, { ...options, token: root.token }));
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

  it('for a reason, which is kept and cut to 200 characters', async () => {
    const parent = await app.parent();
    const read = async (reason: string) => {
      const [, [event]] = await eventsOf(({ headers }) =>
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
    const list = await eventsOf(({ headers }) =>
      app.get('/v1/users', { token: root.token, headers: { ...headers, 'X-Access-Reason': 'Statistics' } }),
    );
    expect(list[1]).toMatchObject([{ action: 'user.listed', reason: 'Statistics' }]);
  });
});

describe('GET /v1/audit_events', () => {
  it('is for administrators', async () => {
    expectErrors(await app.get('/v1/audit_events'), 401, NOT_AUTHORIZED);
    for (const other of [await app.parent(), await app.clinician()])
      expectErrors(await app.get('/v1/audit_events', { token: other.token }), 403, NOT_AUTHORIZED);
  });

  it('is paged like every list, newest first', async () => {
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
      ids.push(...(body.audit_events as Event[]).map(({ id }) => id));
    }
    expect(ids).toHaveLength(5);
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
    const empty = await app.get('/v1/audit_events?user_id=4000000000', { token: root.token });
    expect(empty.body).toEqual({
      audit_events: [],
      meta: { page: 1, page_size: 50, total_count: 0, total_pages: 0 },
    });
  });

  it('filters: account (in lists too), actor, action, time, and all together', async () => {
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
    const [, ...rest] = await events(`user_id=${one.id}`);
    expect(actions(rest)).toEqual(['user.listed', 'user.read', 'user.created']);
    expect(actions(await events(`user_id=${two.id}`))).toEqual(['user.listed', 'user.created']);
    expect(actions(await events(`actor_id=${clinician.id}`))).toEqual([
      'user.read',
      'user.listed',
      'user.read',
    ]);
    expect(actions(await events(`actor_id=${clinician.id}&action=user.listed`))).toEqual(['user.listed']);
    expect(await events(`actor_id=${clinician.id}&action=user`)).toEqual([]);
    const both = `user_id=${one.id}&actor_id=${clinician.id}`;
    expect(actions(await events(both))).toEqual(['user.read', 'user.listed', 'user.read']);
    const [last, listed, first] = await events(both);
    const range = (from?: string, to?: string) =>
      events(`${both}${from ? `&from=${from}` : ''}${to ? `&to=${to}` : ''}`);
    expect(await range(first!.created_at, last!.created_at)).toHaveLength(3);
    expect(await range('2020-01-01', '2020-12-31')).toEqual([]);
    expect(await range(new Date(Date.parse(last!.created_at) + 1).toISOString())).toEqual([]);
    const upTo = await range(undefined, listed!.created_at);
    expect(upTo.map(({ id }) => id)).toContain(first!.id);
    expect(await range(last!.created_at, '2020-01-01')).toEqual([]);
  });

  it('goes through pages of single and list events in one order', async () => {
    const name = someone().last_name;
    const parent = await app.parent({ user: { last_name: name } });
    for (let round = 0; round < 3; round++) {
      await app.get(`/v1/users?search=${name}`, { token: root.token });
      await app.get(`/v1/users/${parent.id}`, { token: root.token });
    }
    const seen: string[] = [];
    for (let page = 1; page <= 4; page++) {
      const path = `/v1/audit_events?user_id=${parent.id}&page_size=2&page=${page}`;
      seen.push(...actions((await app.get(path, { token: root.token })).body.audit_events));
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
  ])('refuses %s', async (query, errors) => {
    expectErrors(await app.get(`/v1/audit_events?${query}`, { token: root.token }), 422, errors);
  });

  it('takes empty parameters as absent', async () => {
    const answer = await app.get('/v1/audit_events?user_id=&actor_id=&action=&from=&to=&unknown=1', {
      token: root.token,
    });
    expectStatus(answer, 200);
    expect(answer.body.meta.total_count).toBeGreaterThan(0);
  });
});

const report = (id: number | string, token?: string, query = '') =>
  app.get(`/v1/users/${id}/access_report${query}`, { token });

describe('GET /v1/users/{id}/access_report', () => {
  it('tells its owner and administrators who read or changed the account, and why', async () => {
    const clinician = await app.clinician();
    const person = await app.parent();
    await app.get(`/v1/users/${person.id}`, {
      token: clinician.token,
      headers: { 'X-Access-Reason': 'Consultation', 'X-Request-Id': 'consultation-1' },
    });
    await app.get(`/v1/users?search=${person.email}`, { token: root.token });
    await app.put(`/v1/users/${person.id}`, { token: person.token, body: { user: { last_name: 'Later' } } });
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
    const [seen, left] = await eventsOf((options) =>
      app.get(`/v1/users/${person.id}/access_report`, { ...options, token: root.token }),
    );
    expect(seen.body).toEqual(answer.body);
    expect(left).toMatchObject([{ action: 'access_report.read', actor_id: root.id, user_id: person.id }]);
    expect((await report(person.id, person.token)).body).toEqual(answer.body);
    const second = await report(person.id, person.token, '?page_size=3&page=2');
    expect(second.body.access_report).toEqual(answer.body.access_report.slice(3));
    expect(second.headers.get('link')).toContain(
      `</v1/users/${person.id}/access_report?page_size=3&page=1>; rel="prev"`,
    );
  });

  it('keeps what the actor was at the time', async () => {
    const [person, admin] = [await app.parent(), await app.admin()];
    await app.get(`/v1/users/${person.id}`, { token: admin.token });
    expectStatus(
      await app.put(`/v1/users/${admin.id}/role`, { token: root.token, body: { role: 'parent' } }),
      200,
    );
    const { body } = await report(person.id, person.token);
    expect(body.access_report[0]).toMatchObject({ actor_id: admin.id, actor_role: 'admin' });
  });

  it('is nobody else’s', async () => {
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

describe('what is kept', () => {
  it('is the bare id of somebody who was deleted', async () => {
    const person = await app.parent();
    await app.get(`/v1/users?search=${person.email}`, { token: root.token });
    expectStatus(await app.delete(`/v1/users/${person.id}`, { token: root.token }), 204);
    expect(actions(await events(`user_id=${person.id}`))).toEqual([
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

  it('is nothing that anybody entered about themselves', async () => {
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
