import { describe, expect, it } from 'vitest';
import type { Answer, Client } from '../../support/client.js';
import { expectRefusal } from '../../support/expectations.js';
import { all, atOnce, signInAsNobody, times } from '../../support/limits.js';
import { someone } from '../../support/people.js';
import { freePort } from '../../support/processes.js';
import { proxyTo } from '../../support/proxy.js';
import { redisAvailable, type RedisServer, startRedis } from '../../support/redis.js';
import { type Environment, type InProcessApp, TestApp, untilTestEnds } from '../../support/test-app.js';
import { waitFor } from '../../support/wait-for.js';

const redisServer = (options?: { port: number }): Promise<RedisServer> => untilTestEnds(startRedis(options));

const start = (redisUrl: string, env: Environment = {}): Promise<InProcessApp> =>
  untilTestEnds(TestApp.start({ RATE_LIMIT: 'on', REDIS_URL: redisUrl, ...env }));

const check = (api: Client): Promise<Answer> =>
  api.post('/v1/users/email_has_account', { body: { email: someone().email } });

const ready = async (api: Client): Promise<number> => (await api.get('/health/ready')).status;

const said = (api: InProcessApp, text: string): number => api.logs().split(text).length - 1;

describe.skipIf(!redisAvailable)('limits in Redis', () => {
  it('limits in Redis are counted together by all replicas, one after the other and at once', async () => {
    const redis = await redisServer();
    const replicas = [await start(redis.url), await start(redis.url)];
    expect(await times(10, (index) => check(replicas[index % 2]!))).toEqual(all(10, 200));
    for (const replica of replicas) expectRefusal(await check(replica), 60);
    expect(await atOnce(300, (index) => signInAsNobody(replicas[index % 2]!))).toEqual({ 401: 30, 429: 270 });
  });

  it('limits in Redis outlive a replica', async () => {
    const redis = await redisServer();
    const first = await TestApp.start({ RATE_LIMIT: 'on', REDIS_URL: redis.url });
    expect(await times(10, () => check(first))).toEqual(all(10, 200));
    await first.stop();
    expectRefusal(await check(await start(redis.url)), 60);
  });

  it('limits in Redis let all of 60 right sign-ins at once through', async () => {
    const redis = await redisServer();
    const api = await start(redis.url, { LIMIT_SIGN_UPS_PER_IP: '100/1h' });
    const people = await Promise.all(Array.from({ length: 60 }, () => api.parent()));
    await Promise.all(people.map((person) => api.signIn(person)));
    expect(await times(30, () => signInAsNobody(api))).toEqual(all(30, 401));
    expectRefusal(await signInAsNobody(api), 300);
  });
});

describe.skipIf(!redisAvailable)('without the Redis that is configured', () => {
  it('a replica without its Redis starts, counts by itself, and goes over to Redis once it is there', async () => {
    const port = await freePort();
    const api = await start(`redis://127.0.0.1:${port}`);
    expect(await times(11, () => check(api))).toEqual([...all(10, 200), 429]);
    expect(await ready(api)).toBe(503);
    expect(said(api, 'Redis is away')).toBe(1);
    await redisServer({ port });
    await waitFor(async () => (await ready(api)) === 200, { timeout: 10_000 });
    expect(said(api, 'Redis is back')).toBe(1);
    // Counted there from the first.
    expect((await check(api)).status).toBe(200);
  });

  it('no request fails when Redis goes away, and none when it comes back', async () => {
    const redis = await redisServer();
    const proxy = await untilTestEnds(proxyTo(redis.url));
    const api = await start(proxy.through(redis.url));
    expect(await times(6, () => check(api))).toEqual(all(6, 200));
    const underway = atOnce(50, () => api.get('/v1/users'));
    proxy.cut();
    expect(await underway).toEqual({ 401: 50 });
    expect(await times(11, () => check(api))).toEqual([...all(10, 200), 429]);
    expect(await ready(api)).toBe(503);
    proxy.restore();
    await waitFor(async () => (await ready(api)) === 200, { timeout: 10_000 });
    expect(said(api, 'Redis is away')).toBe(1);
    expect(said(api, 'Redis is back')).toBe(1);
    // Six were counted there before it went.
    expect(await times(5, () => check(api))).toEqual([...all(4, 200), 429]);
  });

  it('a Redis that is silent holds requests up once and for a second, not each of them', async () => {
    const redis = await redisServer();
    const proxy = await untilTestEnds(proxyTo(redis.url));
    const api = await start(proxy.through(redis.url));
    await check(api);
    proxy.freeze();
    const begin = performance.now();
    expect(await atOnce(20, () => api.get('/v1/users'))).toEqual({ 401: 20 });
    expect(performance.now() - begin).toBeLessThan(5000);
    const then = performance.now();
    expect(await times(50, () => api.get('/v1/users'))).toEqual(all(50, 401));
    expect(performance.now() - then).toBeLessThan(5000);
    expect(await ready(api)).toBe(503);
    proxy.restore();
    await waitFor(async () => (await ready(api)) === 200, { timeout: 15_000 });
  });

  it('a replica that could never reach Redis ends cleanly', async () => {
    const api = await TestApp.start({
      RATE_LIMIT: 'on',
      REDIS_URL: `redis://127.0.0.1:${await freePort()}`,
    });
    await api.stop();
  });
});
