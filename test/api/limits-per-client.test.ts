import { afterEach, describe, expect, it } from 'vitest';
import {
  expectErrors,
  expectStatus,
  type InProcessApp,
  type Person,
  someone,
  startInProcess,
} from '../support/accounts.js';
import type { Answer, RequestOptions } from '../support/client.js';
import { all, atOnce, expectRefusal, from, signIn, times } from '../support/limits.js';
import { otherThan, recordOutbox, type RecordedOutbox } from '../support/outbox.js';

interface RecordedApp extends InProcessApp {
  readonly outbox: RecordedOutbox;
}

const HOUR = 3600 * 1000;
const cleanUps: (() => Promise<unknown>)[] = [];

async function start(env: Record<string, string> = {}): Promise<RecordedApp> {
  const app = await startInProcess({ RATE_LIMIT: 'on', TRUST_PROXY: '127.0.0.1', ...env });
  cleanUps.push(() => app.stop());
  return { ...app, outbox: recordOutbox(app) };
}

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

const confirm = (
  app: RecordedApp,
  userId: number,
  code: string,
  options: RequestOptions = {},
): Promise<Answer> =>
  app.post('/v1/users/confirmation', { ...options, body: { user_id: userId, confirmation_code: code } });

describe('wrong codes of one client', () => {
  it('are ten an hour, for whatever account; right ones do not count', async () => {
    const app = await start();
    const people = await Promise.all(Array.from({ length: 4 }, () => app.parent()));
    const code = (person: Person): string => app.outbox.code(person.id);
    const [first, second, third, fourth] = people as [Person, Person, Person, Person];
    const wrong = (person: Person): Promise<Answer> => confirm(app, person.id, otherThan(code(person)));
    expect(await times(4, () => wrong(first))).toEqual(all(4, 401));
    expectStatus(await confirm(app, first.id, code(first)), 200);
    expect(await times(5, () => wrong(second))).toEqual(all(5, 401));
    expect((await wrong(third)).status).toBe(401);
    expectRefusal(await wrong(third), 3600, 3500);
    // The right one, and an account that does not exist, are refused alike.
    expectRefusal(await confirm(app, third.id, code(third)), 3600, 3500);
    expectRefusal(await confirm(app, 4_000_000_000, '123456'), 3600, 3500);
    // Another client is not concerned.
    expectStatus(await confirm(app, fourth.id, code(fourth), from('203.0.113.9')), 200);
  });

  it('are not more than ten at once', async () => {
    const app = await start();
    const people = await Promise.all(Array.from({ length: 10 }, () => app.parent()));
    const attempt = (index: number): Promise<Answer> => {
      const { id } = people[index % people.length]!;
      return confirm(app, id, otherThan(app.outbox.code(id)));
    };
    expect(await atOnce(60, attempt)).toEqual({ 401: 10, 429: 50 });
  });
});

describe('messages with a code that one client asks for', () => {
  it('are 20 an hour, sign-ups included', async () => {
    const app = await start();
    const people: Person[] = [];
    for (let index = 0; index < 18; index += 1) people.push(await app.parent());
    app.clock.forward(61_000);
    const resend = ({ token }: Person, options: RequestOptions = {}): Promise<Answer> =>
      app.post('/v1/users/resend_confirmation', { ...options, token });
    const [first, second, third] = people as [Person, Person, Person];
    expect(await times(2, (index) => resend([first, second][index]!))).toEqual([200, 200]);
    expectRefusal(await resend(third), 3600, 3500);
    expectStatus(await resend(third, from('203.0.113.9')), 200);
    // Whoever is confirmed is told so, before any limit.
    expectStatus(await confirm(app, second.id, app.outbox.code(second.id)), 200);
    expectErrors(await resend(second), 422, { base: ['is already confirmed'] });
    // A change succeeds and sends nothing.
    const sent = app.outbox.to(first.id).length;
    const body = { user: { phone: '+1-555-123-4567' } };
    expectStatus(await app.put(`/v1/users/${first.id}`, { token: first.token, body }), 200);
    expect(app.outbox.to(first.id)).toHaveLength(sent);
    // It is a sliding window: in an hour they may again.
    app.clock.forward(HOUR);
    expectStatus(await resend(third), 200);
  });

  it('do not count where an administrator acts for others', async () => {
    const app = await start();
    const { token } = await app.firstAdmin();
    const ids: number[] = [];
    for (let index = 0; index < 22; index += 1) {
      const created = await app.post<Person>('/v1/users', { token, body: { user: someone() } });
      ids.push(expectStatus(created, 201).body.id);
    }
    expect(ids.every((id) => app.outbox.to(id).length === 1)).toBe(true);
    app.clock.forward(61_000);
    const resent = (index: number): Promise<Answer> =>
      app.post(`/v1/users/${ids[index]}/resend_confirmation`, { token });
    expect(await times(22, resent)).toEqual(all(22, 200));
  });

  it('are what they would be without limits when these are off', async () => {
    const app = await start({ RATE_LIMIT: 'off' });
    const person = await app.parent();
    const resend = (): Promise<Answer> => app.post('/v1/users/resend_confirmation', { token: person.token });
    expect(await times(25, resend)).toEqual(all(25, 200));
    // But for the attempts of a code.
    const code = app.outbox.code(person.id);
    expect(await times(5, () => confirm(app, person.id, otherThan(code)))).toEqual(all(5, 401));
    expectErrors(await confirm(app, person.id, code), 401, 'Invalid Code');
  });
});

describe('password resets', () => {
  it('may be asked for 20 times an hour by one client, for known and unknown addresses', async () => {
    const app = await start();
    const person = await app.parent();
    const ask = (email: string, options: RequestOptions = {}): Promise<Answer> =>
      app.post('/v1/users/passwords', { ...options, body: { email } });
    expect((await ask(person.email)).status).toBe(202);
    expect(await times(19, () => ask(someone().email))).toEqual(all(19, 202));
    expectRefusal(await ask(someone().email), 3600, 3500);
    expectRefusal(await ask(person.email), 3600, 3500);
    expect((await ask(someone().email, from('203.0.113.9'))).status).toBe(202);
  });

  it('open an account that nothing else opens any more', async () => {
    const app = await start({ LIMIT_PASSWORD_FAILURES_MAX: '7' });
    const person = await app.parent();
    const failures = await times(7, () => {
      app.clock.forward(HOUR);
      return signIn(app, person.email, 'wrong');
    });
    expect(failures).toEqual(all(7, 401));
    app.clock.forward(240 * HOUR);
    expectRefusal(await signIn(app, person.email, person.password), 3600, 3600);
    expectStatus(await app.post('/v1/users/passwords', { body: { email: person.email } }), 202);
    // Asking for it opens nothing.
    expectRefusal(await signIn(app, person.email, person.password), 3600, 3600);
    const password = 'a new one, by a link';
    const body = { token: app.outbox.token(person.id), password };
    expectStatus(await app.post('/v1/users/passwords/reset', { body }), 200);
    expect((await signIn(app, person.email, person.password)).status).toBe(401);
    expect((await signIn(app, person.email, password)).status).toBe(201);
  });
});
