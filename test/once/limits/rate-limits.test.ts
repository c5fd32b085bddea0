import { describe, expect, it } from 'vitest';
import { loadSettings } from '#app/shared/config/load-settings.js';
import type { Answer, Client, RequestOptions } from '../../support/client.js';
import { expectRefusal } from '../../support/expectations.js';
import { all, atOnce, from, signInAsNobody, times } from '../../support/limits.js';
import { someone } from '../../support/people.js';
import { type Environment, type InProcessApp, TestApp, untilTestEnds } from '../../support/test-app.js';
import { waitFor } from '../../support/wait-for.js';

const start = (env: Environment = {}): Promise<InProcessApp> =>
  untilTestEnds(TestApp.start({ RATE_LIMIT: 'on', ...env }));

function check(api: Client, options: RequestOptions = {}): Promise<Answer> {
  return api.post('/v1/users/email_has_account', { ...options, body: { email: someone().email } });
}

describe('limits per address', () => {
  it('email_has_account is limited to 10 times a minute per address', async () => {
    const api = await start();
    expect(await times(10, () => check(api))).toEqual(all(10, 200));
    expectRefusal(await check(api), 60);
    // Known, unknown and ill-formed ones alike.
    for (const email of ['first.admin@example.com', 'nobody']) {
      expectRefusal(await api.post('/v1/users/email_has_account', { body: { email } }), 60);
    }
  });

  it('email_has_account is limited to 100 times a day per address', async () => {
    const api = await start({ LIMIT_EMAIL_CHECKS_PER_IP: '1000/1m 100/1d' });
    expect(await times(100, () => check(api))).toEqual(all(100, 200));
    expectRefusal(await check(api), 86_400, 86_300);
  });

  it('sign-ups are limited to 20 an hour per address, but not what administrators create for others', async () => {
    const api = await start();
    const { token } = await api.firstAdmin();
    const create = (options: RequestOptions = {}): Promise<Answer> =>
      api.post('/v1/users', { ...options, body: { user: someone() } });
    expect(await times(25, () => create({ token }))).toEqual(all(25, 201));
    // A refused one counts, too: it says whether an address is taken.
    expect((await api.signUp({ user: { email: 'first.admin@example.com' } })).status).toBe(422);
    expect(await times(19, () => create())).toEqual(all(19, 201));
    expectRefusal(await create(), 3600, 3500);
    expect((await create({ token })).status).toBe(201);
  });

  it('wrong sign-ins are limited to 30 in 5 minutes per address, and right ones are not counted', async () => {
    const api = await start();
    const { email, password } = await api.parent();
    expect(await times(40, () => api.trySignIn(email, password))).toEqual(all(40, 201));
    expect(await times(29, () => signInAsNobody(api))).toEqual(all(29, 401));
    expect((await api.trySignIn(email, password)).status).toBe(201);
    expect((await signInAsNobody(api)).status).toBe(401);
    expectRefusal(await signInAsNobody(api), 300, 200);
    expectRefusal(await api.trySignIn(email, password), 300, 200);
  });

  it('exactly 30 of 500 wrong sign-ins at once are let through per address', async () => {
    const api = await start();
    expect(await atOnce(500, () => signInAsNobody(api))).toEqual({ 401: 30, 429: 470 });
  });

  it('all of 60 right sign-ins at once from one address are let through', async () => {
    const api = await start({ LIMIT_SIGN_UPS_PER_IP: '100/1h' });
    const people = await Promise.all(Array.from({ length: 60 }, () => api.parent()));
    const right = (index: number): Promise<Answer> =>
      api.trySignIn(people[index]!.email, people[index]!.password);
    expect(await atOnce(60, right)).toEqual({ 201: 60 });
  });

  it('every request counts per address, unknown routes and the documentation too, but no health check', async () => {
    const api = await start({ LIMIT_REQUESTS_PER_IP: '5/1m' });
    const paths = ['/v1/users', '/nowhere', '/docs/openapi.json', '/v1/sessions'];
    const statuses = await times(4, (index) => api.get(paths[index]!));
    expect(statuses).toEqual([401, 404, 200, 401]);
    expect((await api.post('/v1/users', { rawBody: 'no JSON' })).status).toBe(415);
    for (const path of paths) expectRefusal(await api.get(path), 60);
    // Refused before its body is read.
    const tooLarge = { rawBody: 'x'.repeat(20_000), headers: { 'Content-Type': 'application/json' } };
    expectRefusal(await api.post('/v1/users', tooLarge), 60);
    for (const path of ['/health/live', '/health/ready']) expect((await api.get(path)).status).toBe(200);
    const { text } = await api.get('/metrics');
    expect(text).toContain('rate_limited_requests_total{limit="requestsPerIp"} 5');
  });

  it('requests are limited to 600 a minute per address', async () => {
    const api = await start();
    expect(await atOnce(700, () => api.get('/nowhere'))).toEqual({ 404: 600, 429: 100 });
  });

  it('a limit starts anew when its window ends', async () => {
    const api = await start({ LIMIT_EMAIL_CHECKS_PER_IP: '2/1s' });
    expect(await times(3, () => check(api))).toEqual([200, 200, 429]);
    await waitFor(async () => (await check(api)).status === 200);
  });

  it('a browser of an allowed origin may read that a limit is exceeded', async () => {
    const api = await start({ CORS_ORIGINS: 'https://app.example.org', LIMIT_REQUESTS_PER_IP: '1/1m' });
    const headers = { Origin: 'https://app.example.org' };
    await api.get('/nowhere', { headers });
    const refused = await api.get('/nowhere', { headers });
    expectRefusal(refused, 60);
    expect(refused.headers.get('access-control-allow-origin')).toBe('https://app.example.org');
    expect(refused.headers.get('access-control-expose-headers')).toContain('Retry-After');
  });
});

describe('the limit per token', () => {
  it('requests are limited to 300 a minute per token', async () => {
    const api = await start();
    const { token } = await api.parent();
    expect(await atOnce(310, () => api.get('/v1/users/me', { token }))).toEqual({ 200: 300, 429: 10 });
  });

  it('the limit per token is told with every success, in the fields of the IETF draft', async () => {
    const api = await start({ LIMIT_REQUESTS_PER_TOKEN: '3/1m' });
    const person = await api.parent();
    const { token } = person;
    const first = await api.get('/v1/users/me', { token });
    expect(first.headers.get('ratelimit-policy')).toBe('"token";q=3;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"token";r=2;t=(?:60|59|58)$/);
    const failed = await api.delete('/v1/sessions/0', { token });
    expect(failed.status).toBe(404);
    expect(failed.headers.has('ratelimit')).toBe(false);
    const last = await api.get('/v1/sessions', { token });
    expect(last.headers.get('ratelimit')).toMatch(/^"token";r=0;t=\d+$/);
    expectRefusal(await api.get('/v1/users/me', { token }), 60);
    // Another token of the same person, and nobody's, have limits of their own.
    expect((await api.get('/v1/users/me', { token: await api.signIn(person) })).status).toBe(200);
    const open = await check(api);
    expect(open.status).toBe(200);
    expect(open.headers.has('ratelimit')).toBe(false);
    const unknown = { token: `gu_${'a'.repeat(43)}` };
    expect(await times(5, () => api.get('/v1/users/me', unknown))).toEqual(all(5, 401));
  });
});

describe('the address behind a proxy', () => {
  const ONE = { LIMIT_EMAIL_CHECKS_PER_IP: '1/1m' };

  it("the client address is the socket's as long as no proxy is trusted", async () => {
    const api = await start(ONE);
    expect(await times(3, (index) => check(api, from(`203.0.113.${index}`)))).toEqual([200, 429, 429]);
  });

  it('the client address is what a trusted proxy says', async () => {
    const api = await start({ ...ONE, TRUST_PROXY: '127.0.0.1' });
    expect((await check(api, from('203.0.113.1'))).status).toBe(200);
    expect((await check(api, from('203.0.113.1'))).status).toBe(429);
    expect((await check(api, from('203.0.113.2'))).status).toBe(200);
    expect((await check(api)).status).toBe(200);
    expect((await check(api)).status).toBe(429);
  });

  it('the client address is not what the client wrote to the left of it', async () => {
    const api = await start({ ...ONE, TRUST_PROXY: '127.0.0.1' });
    expect((await check(api, from('198.51.100.1', '203.0.113.1'))).status).toBe(200);
    expect((await check(api, from('198.51.100.2', '203.0.113.1'))).status).toBe(429);
    expect((await check(api, from('127.0.0.1', '203.0.113.1'))).status).toBe(429);
    const twice = { headers: { 'X-Forwarded-For': ['198.51.100.3', '203.0.113.1'] } };
    expect((await check(api, twice)).status).toBe(429);
  });

  it('the client address is found through a chain of trusted proxies, and no further', async () => {
    const api = await start({ ...ONE, TRUST_PROXY: '127.0.0.1,10.0.0.0/8' });
    expect((await check(api, from('198.51.100.1', '203.0.113.1', '10.1.2.3'))).status).toBe(200);
    expect((await check(api, from('198.51.100.2', '203.0.113.1', '10.3.2.1', '10.9.9.9'))).status).toBe(429);
    // 11.0.0.1 is no proxy of ours: it is the client, whatever it says.
    expect((await check(api, from('203.0.113.1', '11.0.0.1'))).status).toBe(200);
    expect((await check(api, from('203.0.113.5', '11.0.0.1', '10.1.2.3'))).status).toBe(429);
  });

  it("the client address is the proxy's where the proxy passes on nonsense", async () => {
    const api = await start({ ...ONE, TRUST_PROXY: '127.0.0.1' });
    expect((await check(api, from('nonsense'))).status).toBe(200);
    expect((await check(api, from('more nonsense'.repeat(20)))).status).toBe(429);
    const { email, password } = await api.parent();
    expect((await api.trySignIn(email, password, from('x'.repeat(1000)))).status).toBe(201);
  });

  it('an IPv6 client is counted by its /64', async () => {
    const api = await start({ ...ONE, TRUST_PROXY: '127.0.0.1' });
    expect((await check(api, from('2001:db8:1:2::1'))).status).toBe(200);
    expect((await check(api, from('2001:db8:1:2:ffff:ffff:ffff:ffff'))).status).toBe(429);
    expect((await check(api, from('2001:0DB8:0001:0002:0:0:0:9'))).status).toBe(429);
    expect((await check(api, from('2001:db8:1:3::1'))).status).toBe(200);
  });

  it('wrong passwords for one account are limited alike from 1,000 addresses', async () => {
    const api = await start({ TRUST_PROXY: '127.0.0.1' });
    const { email } = await api.parent();
    const attempt = (index: number): Promise<Answer> =>
      api.trySignIn(email, 'wrong', from(`203.0.${Math.floor(index / 250)}.${index % 250}`));
    expect(await atOnce(1000, attempt)).toEqual({ 401: 5, 429: 995 });
  });
});

describe('settings', () => {
  it('RATE_LIMIT=off switches all limits off', async () => {
    const api = await start({ RATE_LIMIT: 'off' });
    const { email, password, token } = await api.parent();
    expect(await times(35, () => api.trySignIn(email, 'wrong'))).toEqual(all(35, 401));
    expect((await api.trySignIn(email, password)).status).toBe(201);
    expect(await times(15, () => check(api))).toEqual(all(15, 200));
    expect(await times(25, () => api.signUp())).toEqual(all(25, 201));
    expect((await api.get('/v1/users/me', { token })).headers.has('ratelimit')).toBe(false);
    expect(await atOnce(650, () => api.get('/nowhere'))).toEqual({ 404: 650 });
  });

  it.each([
    ['LIMIT_SIGN_UPS_PER_IP', 'many', 'one or more rates such as 20/1h'],
    ['LIMIT_SIGN_UPS_PER_IP', '0/1h', 'one or more rates'],
    ['LIMIT_SIGN_UPS_PER_IP', '20/25d', 'one or more rates'],
    ['LIMIT_PASSWORD_PAUSE', '30', 'a duration such as 30s'],
    ['LIMIT_PASSWORD_FAILURES', '0', 'a whole number from 1'],
    ['LIMIT_SMS_GUARD_PERCENT', '101', 'a whole number from 1 to 100'],
    ['SMS_DAILY_BUDGET_PER_PREFIX', '-1', 'a whole number from 0'],
  ])('the start stops where %s is %s', (name, value, form) => {
    const env = { NODE_ENV: 'test', APP_SECRET: 'of the tests', [name]: value };
    expect(() => loadSettings('.', env)).toThrow(`${name} must be ${form}`);
  });
});
