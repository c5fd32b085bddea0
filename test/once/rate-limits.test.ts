import { afterEach, describe, expect, it } from 'vitest';
import { newAddress, PASSWORD, signIn, signUp } from '../support/accounts.js';
import { type Answer, client, type Client, type RequestOptions } from '../support/client.js';
import { freshDatabase } from '../support/database.js';
import { spawnServer } from '../support/server.js';
import { waitFor } from '../support/wait-for.js';

const cleanUps: (() => Promise<unknown>)[] = [];

async function start(env: Record<string, string> = {}): Promise<Client> {
  const database = await freshDatabase();
  const server = await spawnServer({ DATABASE_URL: database.url, ...env });
  cleanUps.push(() => server.kill9(), database.drop);
  return client(server.url);
}

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function times(count: number, send: (index: number) => Promise<Answer>): Promise<number[]> {
  const statuses = [];
  for (let index = 0; index < count; index += 1) statuses.push((await send(index)).status);
  return statuses;
}

const all = (count: number, status: number): number[] => Array.from({ length: count }, () => status);

const from = (...chain: string[]): RequestOptions => ({ headers: { 'X-Forwarded-For': chain.join(', ') } });

function check(api: Client, options: RequestOptions = {}): Promise<Answer> {
  return api.post('/v1/users/email_has_account', { ...options, body: { email: newAddress() } });
}

function expectRefusal(answer: Answer, seconds: number): void {
  expect(answer.status).toBe(429);
  expect(answer.body).toEqual({ errors: 'Too many requests' });
  const retryAfter = answer.headers.get('retry-after');
  expect(retryAfter).toMatch(/^[1-9]\d*$/);
  expect(Number(retryAfter)).toBeLessThanOrEqual(seconds);
  expect(answer.headers.has('ratelimit')).toBe(false);
  expect(answer.headers.has('ratelimit-policy')).toBe(false);
  expect(answer.headers.get('x-request-id')).toBeTruthy();
}

describe('limits per address', () => {
  it('lets email_has_account through 10 times a minute', async () => {
    const api = await start();
    expect(await times(10, () => check(api))).toEqual(all(10, 200));
    expectRefusal(await check(api), 60);
    // Ill-formed ones count no less: whoever asks is told nothing.
    expectRefusal(await api.post('/v1/users/email_has_account', { body: { email: 'nobody' } }), 60);
  });

  it('lets email_has_account through 100 times a day', async () => {
    const api = await start({ LIMIT_EMAIL_CHECKS_PER_IP: '1000/1m 100/1d' });
    expect(await times(100, () => check(api))).toEqual(all(100, 200));
    expectRefusal(await check(api), 86_400);
  });

  it('lets 20 sign-ups an hour through, but does not count what administrators make for others', async () => {
    const api = await start({ ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: PASSWORD });
    const admin = (await signIn(api, 'admin@example.com')).body.token as string;
    for (let index = 0; index < 25; index += 1) await signUp(api, {}, { token: admin });
    // A refused one counts, too: it says whether an address is taken.
    expect((await api.post('/v1/users', { body: { user: { email: 'admin@example.com' } } })).status).toBe(
      422,
    );
    for (let index = 0; index < 19; index += 1) await signUp(api);
    expectRefusal(await api.post('/v1/users', { body: { user: { email: newAddress() } } }), 3600);
    await signUp(api, {}, { token: admin });
  });

  it('lets 30 wrong sign-ins in 5 minutes through, to whatever addresses, and counts right ones not at all', async () => {
    const api = await start();
    const { email } = await signUp(api);
    expect(await times(40, () => signIn(api, email))).toEqual(all(40, 201));
    expect(await times(29, () => signIn(api, newAddress(), 'wrong'))).toEqual(all(29, 401));
    expect((await signIn(api, email)).status).toBe(201);
    expect((await signIn(api, newAddress(), 'wrong')).status).toBe(401);
    expectRefusal(await signIn(api, newAddress(), 'wrong'), 300);
    expectRefusal(await signIn(api, email), 300);
  });

  it('lets exactly 30 of 1,000 wrong sign-ins at once through', async () => {
    const api = await start({ LIMIT_REQUESTS_PER_IP: '2000/1m' });
    const answers = await Promise.all(Array.from({ length: 1000 }, () => signIn(api, newAddress(), 'wrong')));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(30);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(970);
  });

  it('refuses nobody of 60 who sign in at once, and rightly, from one address', async () => {
    const api = await start({ LIMIT_SIGN_UPS_PER_IP: '100/1h' });
    const accounts = [];
    for (let index = 0; index < 60; index += 1) accounts.push(await signUp(api));
    const answers = await Promise.all(accounts.map(({ email }) => signIn(api, email)));
    expect(answers.map(({ status }) => status)).toEqual(all(60, 201));
  });

  it('counts every request, 600 a minute, unknown routes and the documentation too, but no health check', async () => {
    const api = await start({ LIMIT_REQUESTS_PER_IP: '6/1m' });
    const paths = ['/v1/users', '/nowhere', '/docs/openapi.json', '/v1/sessions', '/%zz/', '/dev/x'];
    for (const path of paths.filter((candidate) => !candidate.includes('%'))) {
      expect((await api.get(path)).status).not.toBe(429);
    }
    expect((await api.post('/v1/users', { rawBody: '{' })).status).toBe(415);
    for (const path of paths.filter((candidate) => !candidate.includes('%')))
      expectRefusal(await api.get(path), 60);
    expectRefusal(await api.post('/v1/users', { rawBody: 'x'.repeat(20_000) }), 60);
    for (const path of ['/health/live', '/health/ready', '/metrics']) {
      expect((await api.get(path)).status).toBe(200);
    }
    const { text } = await api.get('/metrics');
    expect(text).toContain('rate_limited_requests_total{limit="requestsPerIp"} 6');
  });

  it('starts anew when the window ends', async () => {
    const api = await start({ LIMIT_EMAIL_CHECKS_PER_IP: '2/1s' });
    expect(await times(3, () => check(api))).toEqual([200, 200, 429]);
    await waitFor(async () => (await check(api)).status === 200);
  });
});

describe('the limit per token', () => {
  it('is told with what succeeds, in the fields of the IETF draft', async () => {
    const api = await start({ LIMIT_REQUESTS_PER_TOKEN: '3/1m' });
    const { token, email } = await signUp(api);
    const first = await api.get('/v1/users/me', { token });
    expect(first.headers.get('ratelimit-policy')).toBe('"token";q=3;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"token";r=2;t=(?:60|59)$/);
    const failed = await api.get('/v1/users/0', { token });
    expect(failed.status).toBe(404);
    expect(failed.headers.has('ratelimit')).toBe(false);
    expect((await api.get('/v1/sessions', { token })).headers.get('ratelimit')).toMatch(/^"token";r=0;/);
    expectRefusal(await api.get('/v1/users/me', { token }), 60);
    // Another token of the same person, and nobody's, have limits of their own.
    const other = (await signIn(api, email)).body.token as string;
    expect((await api.get('/v1/users/me', { token: other })).status).toBe(200);
    const open = await check(api);
    expect(open.status).toBe(200);
    expect(open.headers.has('ratelimit')).toBe(false);
    expect(await times(5, () => api.get('/v1/users/me', { token: `gu_${'a'.repeat(43)}` }))).toEqual(
      all(5, 401),
    );
  });
});

describe('the address behind a proxy', () => {
  const ONE = { LIMIT_EMAIL_CHECKS_PER_IP: '1/1m' };

  it('is the socket as long as no proxy is trusted', async () => {
    const api = await start(ONE);
    expect(await times(3, (index) => check(api, from(`203.0.113.${index}`)))).toEqual([200, 429, 429]);
  });

  it('is what a trusted proxy says', async () => {
    const api = await start({ ...ONE, TRUST_PROXY: '127.0.0.1' });
    expect((await check(api, from('203.0.113.1'))).status).toBe(200);
    expect((await check(api, from('203.0.113.1'))).status).toBe(429);
    expect((await check(api, from('203.0.113.2'))).status).toBe(200);
    expect((await check(api)).status).toBe(200);
  });

  it('is not what the client wrote to the left of it', async () => {
    const api = await start({ ...ONE, TRUST_PROXY: '127.0.0.1' });
    expect((await check(api, from('198.51.100.1', '203.0.113.1'))).status).toBe(200);
    expect((await check(api, from('198.51.100.2', '203.0.113.1'))).status).toBe(429);
    expect((await check(api, from('127.0.0.1', '203.0.113.1'))).status).toBe(429);
    expect(
      (await check(api, { headers: { 'X-Forwarded-For': ['198.51.100.3', '203.0.113.1'] } })).status,
    ).toBe(429);
  });

  it('is found through a chain of trusted proxies, and no further', async () => {
    const api = await start({ ...ONE, TRUST_PROXY: '127.0.0.1,10.0.0.0/8' });
    expect((await check(api, from('198.51.100.1', '203.0.113.1', '10.1.2.3'))).status).toBe(200);
    expect((await check(api, from('198.51.100.2', '203.0.113.1', '10.3.2.1', '10.9.9.9'))).status).toBe(429);
    // 11.0.0.1 is no proxy of ours: it is the client, whatever it says.
    expect((await check(api, from('203.0.113.1', '11.0.0.1'))).status).toBe(200);
    expect((await check(api, from('203.0.113.5', '11.0.0.1', '10.1.2.3'))).status).toBe(429);
  });

  it('is the proxy itself where it passes on nonsense', async () => {
    const api = await start({ ...ONE, TRUST_PROXY: '127.0.0.1' });
    expect((await check(api, from('nonsense'))).status).toBe(200);
    expect((await check(api, from('more nonsense'.repeat(20)))).status).toBe(429);
    expect((await signIn(api, (await signUp(api)).email, PASSWORD, from('x'.repeat(1000)))).status).toBe(201);
  });

  it('is counted by /64 where it is IPv6', async () => {
    const api = await start({ ...ONE, TRUST_PROXY: '127.0.0.1' });
    expect((await check(api, from('2001:db8:1:2::1'))).status).toBe(200);
    expect((await check(api, from('2001:db8:1:2:ffff:ffff:ffff:ffff'))).status).toBe(429);
    expect((await check(api, from('2001:0DB8:0001:0002:0:0:0:9'))).status).toBe(429);
    expect((await check(api, from('2001:db8:1:3::1'))).status).toBe(200);
  });

  it('makes no difference to the account that is tried from 1,000 addresses', async () => {
    const api = await start({ TRUST_PROXY: '127.0.0.1' });
    const { email } = await signUp(api);
    const attempts = Array.from({ length: 1000 }, (_, index) =>
      signIn(api, email, 'wrong', from(`203.0.${Math.floor(index / 250)}.${index % 250}`)),
    );
    const answers = await Promise.all(attempts);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(995);
  });
});

describe('settings', () => {
  it('switch all of it off', async () => {
    const api = await start({ RATE_LIMIT: 'off' });
    const { email, token } = await signUp(api);
    expect(await times(35, () => signIn(api, email, 'wrong'))).toEqual(all(35, 401));
    expect((await signIn(api, email)).status).toBe(201);
    expect(await times(15, () => check(api))).toEqual(all(15, 200));
    for (let index = 0; index < 25; index += 1) await signUp(api);
    const answer = await api.get('/v1/users/me', { token });
    expect(answer.headers.has('ratelimit')).toBe(false);
    expect(await times(650, () => api.get('/nowhere'))).toEqual(all(650, 404));
  });

  it.each([
    ['LIMIT_SIGN_UPS_PER_IP', 'many', 'one or more rates such as 20/1h'],
    ['LIMIT_SIGN_UPS_PER_IP', '0/1h', 'one or more rates'],
    ['LIMIT_PASSWORD_PAUSE', '30', 'a duration such as 30s'],
    ['LIMIT_PASSWORD_FAILURES', '0', 'a whole number from 1'],
    ['LIMIT_SMS_GUARD_PERCENT', '101', 'a whole number from 1 to 100'],
    ['SMS_DAILY_BUDGET_PER_PREFIX', '-1', 'a whole number from 0'],
  ])('stop the start where %s is %s', async (name, value, form) => {
    const refused = await start({ [name]: value }).catch((error: unknown) => error as { logs: string });
    expect((refused as { logs: string }).logs).toContain(`${name} must be ${form}`);
  });
});
