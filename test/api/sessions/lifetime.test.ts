import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../support/durations.js';
import { expectStatus } from '../../support/expectations.js';
import { sessionsOf } from '../../support/sessions.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

let app: InProcessApp;

beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app?.stop());

/** Uses the session every so often, until a moment after its start. */
async function use(token: string, every: number, until: number): Promise<boolean> {
  const end = app.clock.now().getTime() + until;
  while (app.clock.now().getTime() + every < end) {
    app.clock.forward(every);
    if (!(await app.isSignedIn(token))) return false;
  }
  app.clock.set(new Date(end));
  return app.isSignedIn(token);
}

describe('lifetimes', () => {
  it('a session lasts 30 days, however much it is used', async () => {
    const { token } = await app.parent();
    expect(await use(token, 10 * DAY, 30 * DAY - SECOND)).toBe(true);
    app.clock.forward(SECOND);
    expect(await app.isSignedIn(token)).toBe(false);
  });

  it('a session ends after 14 idle days', async () => {
    const [used, unused] = [await app.parent(), await app.parent()];
    app.clock.forward(14 * DAY - MINUTE);
    expect(await app.isSignedIn(used.token)).toBe(true);
    app.clock.forward(MINUTE);
    expect(await app.isSignedIn(unused.token)).toBe(false);
    app.clock.forward(14 * DAY - 2 * MINUTE);
    expect(await app.isSignedIn(used.token)).toBe(true);
    // Once it has ended, nothing brings it back.
    expect(await app.isSignedIn(unused.token)).toBe(false);
  });

  it.each([
    ['an administrator', () => app.admin()],
    ['an approved clinical user', () => app.clinician()],
  ])('the session of %s lasts 12 hours', async (_, create) => {
    const person = await create();
    const token = await app.signIn(person);
    expect(await use(token, 10 * MINUTE, 12 * HOUR - SECOND)).toBe(true);
    app.clock.forward(SECOND);
    expect(await app.isSignedIn(token)).toBe(false);
  });

  it.each([
    ['an administrator', () => app.admin()],
    ['an approved clinical user', () => app.clinician()],
  ])('the session of %s ends after 15 idle minutes', async (_, create) => {
    const person = await create();
    const token = await app.signIn(person);
    app.clock.forward(14 * MINUTE);
    expect(await app.isSignedIn(token)).toBe(true);
    app.clock.forward(14 * MINUTE);
    expect(await app.isSignedIn(token)).toBe(true);
    app.clock.forward(15 * MINUTE + SECOND);
    expect(await app.isSignedIn(token)).toBe(false);
  });

  it('the lifetime of a session depends on what the user is at the time of the request', async () => {
    const person = await app.parent({ clinical: true });
    await app.confirm(person.id);
    const approve = async (approved: boolean) => {
      const { token } = await app.firstAdmin();
      const path = `/v1/users/${person.id}/clinical_approval`;
      expectStatus(await app.put(path, { token, body: { approved } }), 200);
    };
    app.clock.forward(10 * HOUR);
    const young = await app.signIn(person);
    app.clock.forward(3 * HOUR);
    expect(await app.isSignedIn(person.token)).toBe(true);
    expect(await app.isSignedIn(young)).toBe(true);
    await approve(true);
    // 13 hours old, and so too old for what its user is now; the other one is not.
    expect(await app.isSignedIn(person.token)).toBe(false);
    expect(await app.isSignedIn(young)).toBe(true);
    expect((await sessionsOf(app, young)).map(({ expires_at: end }) => end)).toEqual([
      app.clock.later(9 * HOUR),
    ]);
    app.clock.forward(16 * MINUTE);
    expect(await app.isSignedIn(young)).toBe(false);
    await approve(false);
    const fresh = await app.signIn(person);
    app.clock.forward(13 * HOUR);
    expect(await app.isSignedIn(fresh)).toBe(true);
  });

  it('the last use of a session is recorded at most once a minute', async () => {
    const person = await app.parent();
    const created = app.clock.now().toISOString();
    const lastSeen = async () => (await sessionsOf(app, person.token))[0]!.last_seen_at;
    app.clock.forward(59 * SECOND);
    expect(await lastSeen()).toBe(created);
    app.clock.forward(2 * SECOND);
    await app.isSignedIn(person.token);
    expect(await lastSeen()).toBe(app.clock.now().toISOString());
  });
});
