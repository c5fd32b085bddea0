import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../support/client.js';
import { freshDatabase } from '../../support/database.js';
import { HOUR, SECOND } from '../../support/durations.js';
import { expectRefusal } from '../../support/expectations.js';
import { all, atOnce, times } from '../../support/limits.js';
import { someone } from '../../support/people.js';
import { redisAvailable, startRedis } from '../../support/redis.js';
import { type Environment, type InProcessApp, TestApp, untilTestEnds } from '../../support/test-app.js';

/** So that only the limit per account decides. */
const UNHINDERED = {
  RATE_LIMIT: 'on',
  LIMIT_SIGN_IN_FAILURES_PER_IP: '100000/5m',
  LIMIT_REQUESTS_PER_IP: '100000/1m',
};

const start = (env: Environment = {}): Promise<InProcessApp> =>
  untilTestEnds(TestApp.start({ ...UNHINDERED, ...env }));

const wrong = (api: TestApp, email: string): Promise<Answer> => api.trySignIn(email, 'not the password');

/** Fails until the next pause has begun, however many failures that takes. */
async function failIntoPause(api: InProcessApp, email: string): Promise<void> {
  for (;;) {
    const { status } = await wrong(api, email);
    if (status === 429) return;
    expect(status).toBe(401);
  }
}

describe('wrong passwords for one account', () => {
  it.each(['a known', 'an unknown', 'an ill-formed'])(
    'sign-ins to %s address pause after five wrong passwords',
    async (kind) => {
      const api = await start();
      const person = await api.parent();
      const email = { 'a known': person.email, 'an unknown': someone().email, 'an ill-formed': 'nobody' }[
        kind
      ]!;
      const answers = [];
      for (let index = 0; index < 5; index += 1) answers.push(await wrong(api, email));
      for (const answer of answers) {
        expect(answer.status).toBe(401);
        expect(answer.body).toEqual({ errors: 'Invalid email or password' });
      }
      expectRefusal(await wrong(api, email), 30, 30);
      api.clock.forward(20 * SECOND);
      expectRefusal(await wrong(api, ` ${email.toUpperCase()} `), 10, 10);
      // Other addresses are not concerned.
      expect((await wrong(api, someone().email)).status).toBe(401);
    },
  );

  it('the right password is refused, too, as long as the pause lasts', async () => {
    const api = await start();
    const { email, password } = await api.parent();
    await failIntoPause(api, email);
    expectRefusal(await api.trySignIn(email, password), 30, 30);
    api.clock.forward(30 * SECOND - 1);
    expectRefusal(await api.trySignIn(email, password), 1, 1);
    api.clock.forward(1);
    expect((await api.trySignIn(email, password)).status).toBe(201);
    // The success has cleared it: five are free again.
    expect(await times(6, () => wrong(api, email))).toEqual([...all(5, 401), 429]);
  });

  it('each pause after wrong passwords is twice as long as the one before, up to an hour', async () => {
    const api = await start();
    const { email } = await api.parent();
    expect(await times(5, () => wrong(api, email))).toEqual(all(5, 401));
    for (const seconds of [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]) {
      expectRefusal(await wrong(api, email), seconds, seconds);
      // What is refused makes it no longer.
      api.clock.forward(seconds * SECOND - 1);
      expectRefusal(await wrong(api, email), 1, 1);
      api.clock.forward(1);
      expect((await wrong(api, email)).status).toBe(401);
    }
  });

  it.each(['a known', 'an unknown'])(
    '%s address is locked after 100 wrong passwords in a row',
    async (kind) => {
      const api = await start();
      const person = await api.parent();
      const email = kind === 'a known' ? person.email : someone().email;
      const statuses = await times(100, async () => {
        api.clock.forward(HOUR);
        return wrong(api, email);
      });
      expect(statuses).toEqual(all(100, 401));
      api.clock.forward(365 * 24 * HOUR);
      expectRefusal(await api.trySignIn(email, person.password), HOUR / SECOND, HOUR / SECOND);
    },
  );

  it('wrong current passwords and wrong sign-ins are counted together', async () => {
    const api = await start();
    const person = await api.parent();
    const change = (currentPassword: string): Promise<Answer> =>
      api.change(person, { first_name: 'Grace', current_password: currentPassword });
    expect(await times(3, () => change('not it'))).toEqual(all(3, 422));
    expect(await times(2, () => wrong(api, person.email))).toEqual(all(2, 401));
    expectRefusal(await api.trySignIn(person.email, person.password), 30, 30);
    expectRefusal(await change(person.password), 30, 30);
    api.clock.forward(30 * SECOND);
    expect((await change(person.password)).status).toBe(200);
    expect(await times(5, () => change('not it'))).toEqual(all(5, 422));
    expectRefusal(await change('not it'), 30, 30);
    // What needs no password goes on.
    expect((await api.change(person, { first_name: 'Grace' })).status).toBe(200);
  });

  it('wrong passwords are forgotten with a new password, even after 100', async () => {
    const api = await start({ LIMIT_PASSWORD_FAILURES_MAX: '6' });
    const person = await api.parent();
    await times(6, async () => {
      api.clock.forward(HOUR);
      return wrong(api, person.email);
    });
    api.clock.forward(24 * HOUR);
    expectRefusal(await api.trySignIn(person.email, person.password), 3600, 3600);
    const { token } = await api.firstAdmin();
    const password = 'a new one, by an administrator';
    const answer = await api.put(`/v1/users/${person.id}`, { token, body: { user: { password } } });
    expect(answer.status).toBe(200);
    expect((await api.trySignIn(person.email, password)).status).toBe(201);
  });

  it('wrong passwords are forgotten with the account, and do not bar the next account with the address', async () => {
    const api = await start();
    const person = await api.parent();
    await failIntoPause(api, person.email);
    const { token } = await api.firstAdmin();
    const before = await api.sql('SELECT * FROM password_attempts');
    expect((await api.delete(`/v1/users/${person.id}`, { token })).status).toBe(204);
    expect(await api.sql('SELECT * FROM password_attempts')).toHaveLength(before.length - 1);
    await failIntoPause(api, person.email);
    const newcomer = await api.parent({ user: { email: person.email } });
    expect((await api.trySignIn(newcomer.email, newcomer.password)).status).toBe(201);
  });

  it('wrong passwords are not forgotten by a restart, and are stored without the address', async () => {
    const api = await start();
    const { email } = await api.parent();
    await failIntoPause(api, email);
    const rows = await api.sql('SELECT * FROM password_attempts');
    expect(JSON.stringify(rows)).not.toContain(email.split('@')[0]);
    const again = await untilTestEnds(TestApp.start(UNHINDERED, { database: api.database }));
    expectRefusal(await wrong(again, email), 30, 30);
  });

  it('five wrong passwords are compared, however many come at once', async () => {
    const api = await start();
    const { email, password } = await api.parent();
    expect(await atOnce(100, () => wrong(api, email))).toEqual({ 401: 5, 429: 95 });
    for (const seconds of [30, 60]) {
      api.clock.forward(seconds * SECOND);
      expect(await atOnce(20, () => wrong(api, email))).toEqual({ 401: 1, 429: 19 });
    }
    api.clock.forward(120 * SECOND);
    expect(await atOnce(20, () => api.trySignIn(email, password))).toEqual({ 201: 20 });
  });

  it('attempts that never came to an end are not counted as wrong passwords', async () => {
    const api = await start();
    const { email, password } = await api.parent();
    await failIntoPause(api, email);
    // As a process leaves it that was killed while it compared.
    await api.sql('UPDATE password_attempts SET running = 7');
    api.clock.forward(60 * SECOND);
    expect((await api.trySignIn(email, password)).status).toBe(201);
  });

  it('many right passwords at once all sign in', async () => {
    const api = await start();
    const { email, password } = await api.parent();
    expect(await atOnce(40, () => api.trySignIn(email, password))).toEqual({ 201: 40 });
  });
});

describe.skipIf(!redisAvailable)('two processes', { timeout: 60_000 }, () => {
  const started: (() => Promise<unknown>)[] = [];
  const apis: TestApp[] = [];

  beforeAll(async () => {
    const redis = await startRedis();
    const database = await freshDatabase();
    started.push(
      () => redis.stop(),
      () => database.drop(),
    );
    const env = { ...UNHINDERED, REDIS_URL: redis.url };
    for (let index = 0; index < 2; index += 1) {
      const app = await TestApp.spawn(env, { database });
      started.unshift(() => app.kill9());
      apis.push(app);
    }
  });

  afterAll(async () => {
    for (const stop of started) await stop();
  });

  it('two processes answer exactly five of 200 wrong sign-ins at once with 401', async () => {
    const { email, password } = await apis[0]!.parent();
    const toBoth = (address: string) => (index: number) => wrong(apis[index % 2]!, address);
    expect(await atOnce(200, toBoth(email))).toEqual({ 401: 5, 429: 195 });
    expectRefusal(await apis[1]!.trySignIn(email, password), 30);
    expect(await atOnce(200, toBoth(someone().email))).toEqual({ 401: 5, 429: 195 });
  });

  it('two processes let 40 right sign-ins at once through', async () => {
    const { email, password } = await apis[0]!.parent();
    const right = (index: number): Promise<Answer> => apis[index % 2]!.trySignIn(email, password);
    expect(await atOnce(40, right)).toEqual({ 201: 40 });
  });
});
