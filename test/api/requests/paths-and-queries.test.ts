import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectErrors } from '../../support/expectations.js';
import type { Person } from '../../support/people.js';
import { FROZEN_MS, type Pulse, watchPulse } from '../../support/pulse.js';
import { TestApp } from '../../support/test-app.js';
const JSON_TYPE = { 'Content-Type': 'application/json' };

let app: TestApp;
let person: Person;
let admin: Person;
let pulse: Pulse;

beforeAll(async () => {
  app = await TestApp.spawn();
  person = await app.parent();
  admin = await app.firstAdmin();
  pulse = watchPulse(app);
});
afterAll(async () => {
  await pulse?.stop();
  await app?.stop();
});

const list = (query: string, token = admin.token) => app.get(`/v1/users?${query}`, { token });

describe('ids', () => {
  const NOT_AN_ID = [
    '0',
    '00',
    '-1',
    '+1',
    '007',
    '0x10',
    '1e3',
    '1.0',
    '1.5',
    '1_000',
    'abc',
    'null',
    'undefined',
    'NaN',
    'Infinity',
    '1%20',
    '%201',
    '1%00',
    '%D9%A1',
    '4294967296',
    '9007199254740993',
    '18446744073709551616',
    '9'.repeat(400),
    '..%2f1',
    "1'%20OR%20'1'='1",
    '%ff',
    '__proto__',
    'constructor',
    '1;1',
    '1,1',
  ];

  it.each(NOT_AN_ID)('the id %s is answered 404 with a token', async (id) => {
    for (const { token } of [person, admin]) {
      for (const [method, path] of [
        ['GET', ''],
        ['PUT', ''],
        ['DELETE', ''],
        ['POST', '/cancel'],
        ['POST', '/reactivate'],
        ['PUT', '/role'],
        ['PUT', '/clinical_approval'],
      ] as const) {
        const answer = await app.send(method, `/v1/users/${id}${path}`, { token });
        expect(answer.status, `${method} ${path}`).toBe(404);
        expect(['User not found', 'Not found'], `${method} ${path}`).toContain(answer.body.errors);
      }
      const session = await app.delete(`/v1/sessions/${id}`, { token });
      expect(session.status).toBe(404);
    }
    const anonymous = await app.get(`/v1/users/${id}`);
    expect([401, 404]).toContain(anonymous.status);
  });

  it('an id that is a number is looked up, up to the largest', async () => {
    expectErrors(await app.get('/v1/users/4294967295', { token: admin.token }), 404, 'User not found');
    expectErrors(await app.get('/v1/users/abc', { token: admin.token }), 404, 'User not found');
    expectErrors(await app.get('/v1/users/4294967296', { token: person.token }), 404, 'User not found');
    expectErrors(await app.delete('/v1/sessions/abc', { token: person.token }), 404, 'Session not found');
  });

  it('an escaped digit of an id is that digit', async () => {
    const escaped = [...String(person.id)].map((digit) => `%3${digit}`).join('');
    const { status, body } = await app.get(`/v1/users/${escaped}`, { token: person.token });
    expect(status).toBe(200);
    expect(body.id).toBe(person.id);
  });
});

describe('routes that are none', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/v1'],
    ['GET', '/v1/nothing'],
    ['GET', '/v2/users'],
    ['PATCH', '/v1/users/1'],
    ['DELETE', '/v1/users'],
    ['PUT', '/v1/sessions'],
    ['GET', '/v1/users/1/nothing'],
    ['GET', '/%zz'],
    ['GET', '/v1/%ff'],
    ['GET', '/.env'],
    ['GET', '/v1/../../etc/passwd'],
  ])('%s %s is no route and is answered 404', async (method, path) => {
    for (const token of [undefined, person.token]) {
      const { status, body, headers } = await app.send(method, path, { token });
      expect({ status, body }).toEqual({ status: 404, body: { errors: 'Not found' } });
      expect(headers.get('x-request-id')).toBeTruthy();
    }
  });

  it('a bad body for an unknown route is answered 4xx, never 500', async () => {
    expect([400, 404]).toContain(
      (await app.post('/v1/nothing', { rawBody: '{', headers: JSON_TYPE })).status,
    );
    expect([404, 415]).toContain((await app.post('/v1/nothing', { rawBody: 'x' })).status);
  });
});

describe('query parameters', () => {
  const AT_LEAST_1 = 'must be greater than or equal to 1';

  it.each([
    ['page=0', { page: [AT_LEAST_1] }],
    ['page=-1', { page: [AT_LEAST_1] }],
    ['page=x', { page: ['must be an integer'] }],
    ['page=1.5', { page: ['must be an integer'] }],
    ['page=1e3', { page: ['must be an integer'] }],
    ['page=0x10', { page: ['must be an integer'] }],
    ['page=%201', { page: ['must be an integer'] }],
    ['page=true', { page: ['must be an integer'] }],
    ['page=NaN', { page: ['must be an integer'] }],
    ['page_size=0', { page_size: [AT_LEAST_1] }],
    ['page_size=201', { page_size: ['must be less than or equal to 200'] }],
    ['page_size=1000000000', { page_size: ['must be less than or equal to 200'] }],
    ['page_size=x', { page_size: ['must be an integer'] }],
    ['after_id=x', { after_id: ['must be an integer'] }],
    ['sort_by=password', { sort_by: ['is not included in the list'] }],
    ['sort_by=password_digest', { sort_by: ['is not included in the list'] }],
    ['sort_by=firstName', { sort_by: ['is not included in the list'] }],
    ['sort_by=constructor', { sort_by: ['is not included in the list'] }],
    ['sort_dir=up', { sort_dir: ['is not included in the list'] }],
    ['sort_dir=ASC;DROP', { sort_dir: ['is not included in the list'] }],
    ['role=root', { role: ['is not included in the list'] }],
    ['active=yes', { active: ['is invalid'] }],
    ['active=TRUE', { active: ['is invalid'] }],
    ['active=2', { active: ['is invalid'] }],
    ['confirmed=null', { confirmed: ['is invalid'] }],
    ['clinical=x', { clinical: ['is invalid'] }],
    ['template=x', { template: ['is invalid'] }],
    [
      'page=0&page_size=0&role=x',
      { page: [AT_LEAST_1], page_size: [AT_LEAST_1], role: ['is not included in the list'] },
    ],
    ['after_id=1&page=1', { after_id: ['is not allowed'] }],
    ['after_id=1&sort_by=email', { after_id: ['is not allowed'] }],
  ])('the query %s is answered 422', async (query, errors) => {
    expectErrors(await list(query), 422, errors);
    expectErrors(await list(query, person.token), 422, errors);
  });

  it.each([
    'page',
    'page_size',
    'after_id',
    'sort_by',
    'sort_dir',
    'search',
    'role',
    'active',
    'confirmed',
    'clinical',
    'template',
  ])('the query parameter %s is invalid when it is sent twice', async (name) => {
    for (const query of [
      `${name}=1&${name}=1`,
      `${name}=&${name}=`,
      `${name}=1&${name}=`,
      `${name}=a&x=1&${name}=b`,
    ]) {
      expectErrors(await list(query), 422, { [name]: ['is invalid'] });
    }
  });

  it.each([
    'page=&page_size=&after_id=&sort_by=&sort_dir=&search=&role=&active=&confirmed=&clinical=&template=',
    'unknown=1&unknown=2&__proto__=1&constructor=1&toString=x&prototype[a]=1',
    'pageSize=0&sortBy=x&pageSize=x',
    'page[]=0&page[a]=x',
    '&&&=&=x',
    'page',
    'page_size=200&sort_dir=desc',
    'sort_dir=Asc&sort_by=last_name',
    'active=true&confirmed=0&clinical=false&template=0',
  ])('the query %s is answered 200', async (query) => {
    expect((await list(query)).status).toBe(200);
  });

  it.each(['1000000000', '9007199254740991', '4294967296'])('page %s is an empty list', async (page) => {
    const answer = await list(`page=${page}&page_size=200`);
    expect(answer.status).toBe(200);
    expect(answer.body.users).toEqual([]);
    expect(answer.body.meta.page).toBe(Number(page));
  });

  it.each([
    'page=9007199254740993',
    'page=99999999999999999999999',
    'after_id=9007199254740993',
    'after_id=-1',
  ])('the query %s is either past the end or answered 422', async (query) => {
    const answer = await list(query);
    expect([200, 422]).toContain(answer.status);
  });

  it('a query is ignored on a route that has none', async () => {
    const { status } = await app.get(`/v1/users/${person.id}?page=x&id=7`, { token: person.token });
    expect(status).toBe(200);
  });
});

describe('meanwhile', () => {
  it('the server went on answering all the while, and logged no error', async () => {
    expect(await pulse.stop()).toBeLessThan(FROZEN_MS);
    expect(app.logs()).not.toMatch(/"level":"(error|fatal)"/);
  });
});
