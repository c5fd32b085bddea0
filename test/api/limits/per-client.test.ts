import { describe, expect, it } from 'vitest';
import type { Answer, RequestOptions } from '../../support/client.js';
import { HOUR } from '../../support/durations.js';
import { expectErrors, expectRefusal, expectStatus } from '../../support/expectations.js';
import { all, atOnce, from, times } from '../../support/limits.js';
import { otherThan, type RecordedOutbox, recordOutbox } from '../../support/outbox.js';
import { type Person, someone } from '../../support/people.js';
import { type InProcessApp, TestApp, untilTestEnds } from '../../support/test-app.js';

interface RecordedApp extends InProcessApp {
  readonly outbox: RecordedOutbox;
}

async function start(env: Record<string, string> = {}): Promise<RecordedApp> {
  const app = await untilTestEnds(TestApp.start({ RATE_LIMIT: 'on', TRUST_PROXY: '127.0.0.1', ...env }));
  return { ...app, outbox: recordOutbox(app) };
}

describe('wrong codes of one client', () => {
  it('one client may enter wrong codes for ten accounts an hour; right ones do not count', async () => {
    const app = await start();
    const people = await Promise.all(Array.from({ length: 13 }, () => app.parent()));
    const code = (person: Person): string => app.outbox.code(person.id);
    const [first, second, third, fourth, ...others] = people as [Person, Person, Person, Person, ...Person[]];
    const wrong = (person: Person): Promise<Answer> => app.enterCode(person.id, otherThan(code(person)));
    expect(await times(4, () => wrong(first))).toEqual(all(4, 401));
    expectStatus(await app.enterCode(second.id, code(second)), 200);
    expect(await times(9, (index) => wrong(others[index]!))).toEqual(all(9, 401));
    expectRefusal(await wrong(third), 3600, 3500);
    // On an account that is counted already there may be more.
    expect((await wrong(first)).status).toBe(401);
    // The right one, and an account that does not exist, are refused alike.
    expectRefusal(await app.enterCode(third.id, code(third)), 3600, 3500);
    expectRefusal(await app.enterCode(4_000_000_000, '123456'), 3600, 3500);
    // Another client is not concerned.
    expectStatus(await app.enterCode(fourth.id, code(fourth), from('203.0.113.9')), 200);
  });

  it('one client may not enter wrong codes for more than ten accounts at once', async () => {
    const app = await start();
    const people = await Promise.all(Array.from({ length: 12 }, () => app.parent()));
    const attempt = (index: number): Promise<Answer> => {
      const { id } = people[index % people.length]!;
      return app.enterCode(id, otherThan(app.outbox.code(id)));
    };
    expect(await atOnce(60, attempt)).toEqual({ 401: 50, 429: 10 });
  });
});

describe('messages with a code that one client asks for', () => {
  it('one client may ask for 20 codes an hour, sign-ups included', async () => {
    const app = await start();
    const people: Person[] = [];
    for (let index = 0; index < 18; index += 1) people.push(await app.parent());
    app.clock.forward(61_000);
    const resend = ({ token }: Person, options: RequestOptions = {}): Promise<Answer> =>
      app.resendCode(token, options);
    const [first, second, third] = people as [Person, Person, Person];
    expect(await times(2, (index) => resend([first, second][index]!))).toEqual([200, 200]);
    expectRefusal(await resend(third), 3600, 3500);
    expectStatus(await resend(third, from('203.0.113.9')), 200);
    // Whoever is confirmed is told so, before any limit.
    expectStatus(await app.enterCode(second.id, app.outbox.code(second.id)), 200);
    expectErrors(await resend(second), 422, { base: ['is already confirmed'] });
    // A change succeeds and sends nothing.
    const sent = app.outbox.to(first.id).length;
    const body = { user: { phone: '+1-555-123-4567' } };
    expectStatus(await app.put(`/v1/users/${first.id}`, { token: first.token, body }), 200);
    expect(app.outbox.to(first.id).filter(({ kind }) => kind === 'confirmation')).toHaveLength(sent);
    // It is a sliding window: in an hour they may again.
    app.clock.forward(HOUR);
    expectStatus(await resend(third), 200);
  });

  it('codes that an administrator asks for on behalf of others are not limited per client', async () => {
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

  it('without limits only the attempts of a code are counted', async () => {
    const app = await start({ RATE_LIMIT: 'off' });
    const person = await app.parent();
    const resend = (): Promise<Answer> => app.resendCode(person.token);
    expect(await times(25, resend)).toEqual(all(25, 200));
    // But for the attempts of a code.
    const code = app.outbox.code(person.id);
    expect(await times(5, () => app.enterCode(person.id, otherThan(code)))).toEqual(all(5, 401));
    expectErrors(await app.enterCode(person.id, code), 401, 'Invalid Code');
  });
});

describe('password resets', () => {
  it('one client may ask for 20 password resets an hour, for known and unknown addresses', async () => {
    const app = await start();
    const person = await app.parent();
    expect((await app.requestReset(person.email)).status).toBe(202);
    expect(await times(19, () => app.requestReset(someone().email))).toEqual(all(19, 202));
    expectRefusal(await app.requestReset(someone().email), 3600, 3500);
    expectRefusal(await app.requestReset(person.email), 3600, 3500);
    expect((await app.requestReset(someone().email, from('203.0.113.9'))).status).toBe(202);
  });

  it('a password reset opens an account that too many wrong passwords have locked', async () => {
    const app = await start({ LIMIT_PASSWORD_FAILURES_MAX: '7' });
    const person = await app.parent();
    const failures = await times(7, () => {
      app.clock.forward(HOUR);
      return app.trySignIn(person.email, 'wrong');
    });
    expect(failures).toEqual(all(7, 401));
    app.clock.forward(240 * HOUR);
    expectRefusal(await app.trySignIn(person.email, person.password), 3600, 3600);
    expectStatus(await app.requestReset(person.email), 202);
    // Asking for it opens nothing.
    expectRefusal(await app.trySignIn(person.email, person.password), 3600, 3600);
    const password = 'a new one, by a link';
    expectStatus(await app.resetPassword(app.outbox.token(person.id), password), 200);
    expect((await app.trySignIn(person.email, person.password)).status).toBe(401);
    expect((await app.trySignIn(person.email, password)).status).toBe(201);
  });
});
