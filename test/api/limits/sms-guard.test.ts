import { describe, expect, it } from 'vitest';
import type { Answer } from '../../support/client.js';
import type { TestDatabase } from '../../support/database.js';
import { HOUR } from '../../support/durations.js';
import { expectErrors, expectStatus, NOT_AUTHORIZED } from '../../support/expectations.js';
import { type RecordedOutbox, recordOutbox } from '../../support/outbox.js';
import { FIRST_ADMIN, type Person } from '../../support/people.js';
import { type InProcessApp, TestApp, untilTestEnds } from '../../support/test-app.js';

/** So that only the guard decides. */
const UNHINDERED = {
  RATE_LIMIT: 'on',
  LIMIT_REQUESTS_PER_IP: '100000/1m',
  LIMIT_SIGN_UPS_PER_IP: '100000/1h',
  LIMIT_CODES_PER_IP: '100000/1h',
};

interface GuardedApp extends InProcessApp {
  readonly outbox: RecordedOutbox;
}

async function start(env: Record<string, string> = {}, database?: TestDatabase): Promise<GuardedApp> {
  const app = await untilTestEnds(TestApp.start({ ...UNHINDERED, ...env }, database && { database }));
  return { ...app, outbox: recordOutbox(app) };
}

let numbers = 0;

/** A number that nobody else has. */
const phone = (prefix: '+44' | '+49' | '+1'): string => {
  numbers += 1;
  const digits = String(numbers).padStart(6, '0');
  return { '+44': `+447400${digits}`, '+49': `+4915112${digits}`, '+1': `+1212${digits}5` }[prefix];
};

const signUp = (app: GuardedApp, prefix: '+44' | '+49' | '+1' = '+44'): Promise<Person> =>
  app.parent({ user: { phone: phone(prefix) } });

/** Whether the person's last code went out, seen from the inside. */
const wasSent = (app: GuardedApp, { id }: Person): boolean => !app.outbox.to(id).at(-1)!.suppressed;

async function signUps(app: GuardedApp, count: number, prefix?: '+44' | '+49' | '+1'): Promise<Person[]> {
  const people = [];
  for (let index = 0; index < count; index += 1) people.push(await signUp(app, prefix));
  return people;
}

const crowd = (app: GuardedApp, count: number): Promise<Person[]> =>
  Promise.all(Array.from({ length: count }, () => signUp(app)));

const confirm = (app: GuardedApp, { id }: Person): Promise<Answer> => app.enterCode(id, app.outbox.code(id));

interface Prefix {
  prefix: string;
  sent: number;
  budget: number;
  last_codes: number;
  entered: number;
  paused_until: string | null;
}

interface State {
  day: string;
  sent: number;
  budget: number;
  prefixes: Prefix[];
}

async function state(app: GuardedApp): Promise<State> {
  const token = await app.signIn(FIRST_ADMIN);
  return expectStatus(await app.get<{ sms_guard: State }>('/v1/sms_guard', { token }), 200).body.sms_guard;
}

async function audited(app: GuardedApp): Promise<string[]> {
  const rows = await app.sql<{ action: string }>(
    "SELECT action FROM audit_events WHERE action LIKE 'sms_guard.%' ORDER BY id",
  );
  return rows.map(({ action }) => action);
}

async function counted(app: GuardedApp, prefix: string, outcome: string): Promise<number> {
  const { text } = await app.get('/metrics');
  const line = `sms_codes_total{prefix="${prefix}",outcome="${outcome}"} `;
  return Number(
    text
      .split('\n')
      .find((row) => row.startsWith(line))
      ?.slice(line.length) ?? 0,
  );
}

describe('the daily budget of SMS', () => {
  it('SMS beyond the daily budget are withheld, answered as if they were sent, and sent again the next day', async () => {
    const app = await start({ SMS_DAILY_BUDGET: '3' });
    const people = [...(await signUps(app, 2, '+44')), ...(await signUps(app, 3, '+49'))];
    expect(people.map((person) => wasSent(app, person))).toEqual([true, true, true, false, false]);
    app.clock.forward(61_000);
    const [sent, , , withheld] = people as [Person, Person, Person, Person];
    const answer = expectStatus(await app.resendCode(withheld.token), 200);
    expect(Object.keys(answer.body)).toEqual(['sent', 'channel', 'destination', 'expires_at', 'retry_after']);
    expect(answer.body).toMatchObject({ sent: true, channel: 'sms', retry_after: 60 });
    expect(wasSent(app, withheld)).toBe(false);
    expect((await confirm(app, sent)).status).toBe(200);

    expect(await state(app)).toMatchObject({ sent: 3, budget: 3 });
    expect(await audited(app)).toEqual(['sms_guard.budget_used_up']);
    expect(await counted(app, '+44', 'sent')).toBe(2);
    expect(await counted(app, '+49', 'over_budget')).toBe(3);

    app.clock.forward(24 * HOUR);
    expect(wasSent(app, await signUp(app))).toBe(true);
    expect(await state(app)).toMatchObject({ sent: 1 });
  });

  it('the daily budget of SMS may be less for each country prefix than for all', async () => {
    const app = await start({ SMS_DAILY_BUDGET_PER_PREFIX: '2' });
    const people = [...(await signUps(app, 3, '+44')), ...(await signUps(app, 2, '+49'))];
    expect(people.map((person) => wasSent(app, person))).toEqual([true, true, false, true, true]);
    const { prefixes, ...all } = await state(app);
    expect(all).toMatchObject({ sent: 4, budget: 10_000, day: app.clock.now().toISOString().slice(0, 10) });
    expect(prefixes).toEqual([
      { prefix: '+44', sent: 2, budget: 2, last_codes: 2, entered: 0, paused_until: null },
      { prefix: '+49', sent: 2, budget: 2, last_codes: 2, entered: 0, paused_until: null },
    ]);
    expect(await audited(app)).toEqual(['sms_guard.budget_used_up']);
  });

  it('the daily budget of SMS is not exceeded by 20 at once', async () => {
    const app = await start({ SMS_DAILY_BUDGET: '5' });
    const prefixes = ['+44', '+49', '+1'] as const;
    const people = await Promise.all(
      Array.from({ length: 20 }, (_, index) => signUp(app, prefixes[index % 3])),
    );
    expect(people.filter((person) => wasSent(app, person))).toHaveLength(5);
    expect(await state(app)).toMatchObject({ sent: 5 });
  });

  it('the daily budget of SMS is not used by e-mails and template users', async () => {
    const app = await start({ SMS_DAILY_BUDGET: '1' });
    await app.parent({ template: true, user: { phone: phone('+44') } });
    expect(wasSent(app, await app.parent())).toBe(true);
    expect(wasSent(app, await signUp(app))).toBe(true);
    expect(wasSent(app, await app.parent())).toBe(true);
    expect(wasSent(app, await signUp(app))).toBe(false);
  });

  it('the daily budget of SMS survives a restart', async () => {
    const app = await start({ SMS_DAILY_BUDGET: '2' });
    await signUps(app, 2);
    const again = await start({ SMS_DAILY_BUDGET: '2' }, app.database);
    expect(wasSent(again, await signUp(again))).toBe(false);
  });

  it('the daily budget of SMS does not count where limits are off', async () => {
    const app = await start({ SMS_DAILY_BUDGET: '0', RATE_LIMIT: 'off' });
    const person = await signUp(app);
    expect(wasSent(app, person)).toBe(true);
    expect((await confirm(app, person)).status).toBe(200);
  });
});

describe('a country prefix whose codes nobody enters', () => {
  it('a country prefix is paused for an hour after 50 codes that hardly anybody enters, and no other is', async () => {
    const app = await start();
    const people = await crowd(app, 50);
    expect(people.every((person) => wasSent(app, person))).toBe(true);
    // Two of 50 are 4 %.
    for (const person of people.slice(0, 2)) expectStatus(await confirm(app, person), 200);
    const withheld = await signUp(app);
    expect(wasSent(app, withheld)).toBe(false);
    expect(wasSent(app, await signUp(app, '+49'))).toBe(true);
    app.clock.forward(61_000);
    expect(expectStatus(await app.resendCode(withheld.token), 200).body).toMatchObject({
      sent: true,
      channel: 'sms',
    });
    expect(wasSent(app, withheld)).toBe(false);

    const { prefixes } = await state(app);
    const until = new Date(app.clock.now().getTime() - 61_000 + HOUR).toISOString();
    expect(prefixes[0]).toMatchObject({ prefix: '+44', sent: 50, last_codes: 0, paused_until: until });
    expect(await audited(app)).toEqual(['sms_guard.paused']);
    expect(await counted(app, '+44', 'paused')).toBe(2);
    const token = await app.signIn(FIRST_ADMIN);
    const messages = await app.get<{ messages: object[] }>(`/v1/users/${withheld.id}/messages`, { token });
    expect(expectStatus(messages, 200).body.messages[0]).toMatchObject({
      channel: 'sms',
      status: 'suppressed',
    });

    app.clock.forward(HOUR);
    // The 50 that led to the pause do not lead to another one.
    const later = await crowd(app, 50);
    expect(later.every((person) => wasSent(app, person))).toBe(true);
    expect(wasSent(app, await signUp(app))).toBe(false);
    expect(await audited(app)).toEqual(['sms_guard.paused', 'sms_guard.paused']);
  });

  it('a country prefix is not paused as long as just enough of its last codes were entered', async () => {
    const app = await start({ LIMIT_SMS_GUARD_CODES: '20', LIMIT_SMS_GUARD_PERCENT: '15' });
    const people = await signUps(app, 20);
    for (const person of people.slice(-3)) expectStatus(await confirm(app, person), 200);
    expect((await state(app)).prefixes[0]).toMatchObject({ last_codes: 20, entered: 3 });
    // They are among the last 20 for another 17.
    const more = await signUps(app, 18);
    expect(more.every((person) => wasSent(app, person))).toBe(true);
    expect(wasSent(app, await signUp(app))).toBe(false);
  });

  it('a country prefix is sent to again when an administrator lifts the pause', async () => {
    const app = await start({ LIMIT_SMS_GUARD_CODES: '4' });
    await signUps(app, 4);
    expect(wasSent(app, await signUp(app))).toBe(false);
    const { token } = await app.firstAdmin();
    const lift = (prefix: string): Promise<Answer> => app.delete(`/v1/sms_guard/pauses/${prefix}`, { token });
    expectErrors(await lift('49'), 404, 'Pause not found');
    for (const nonsense of ['*', 'x', '0', '44444', '%2A', '%C3%A9', "44'--"]) {
      expectErrors(await lift(nonsense), 404, 'Pause not found');
    }
    expectStatus(await lift('44'), 204);
    expectErrors(await lift('+44'), 404, 'Pause not found');
    expect(wasSent(app, await signUp(app))).toBe(true);
    expect((await state(app)).prefixes[0]).toMatchObject({ last_codes: 1, paused_until: null });
    expect(await audited(app)).toEqual(['sms_guard.paused', 'sms_guard.pause_lifted']);
  });

  it('a code that is entered late counts as entered, one that was replaced does not', async () => {
    const app = await start({ LIMIT_SMS_GUARD_CODES: '4' });
    const [first, ...others] = await signUps(app, 3);
    app.clock.forward(61_000);
    expectStatus(await app.resendCode(first!.token), 200);
    expectStatus(await confirm(app, first!), 200);
    expect((await state(app)).prefixes[0]).toMatchObject({ sent: 4, last_codes: 4, entered: 1 });
    for (const person of others) expectStatus(await confirm(app, person), 200);
    expect((await state(app)).prefixes[0]).toMatchObject({ last_codes: 4, entered: 3 });
  });

  it('a paused country prefix stays paused after a restart', async () => {
    const app = await start({ LIMIT_SMS_GUARD_CODES: '2' });
    await signUps(app, 3);
    const again = await start({ LIMIT_SMS_GUARD_CODES: '2' }, app.database);
    expect(wasSent(again, await signUp(again))).toBe(false);
  });
});

describe("the guard's state", () => {
  it.each(['get /v1/sms_guard', 'delete /v1/sms_guard/pauses/44'])(
    'the state of the SMS guard is for administrators: %s',
    async (route) => {
      const app = await start();
      const [method, path] = route.split(' ') as ['get' | 'delete', string];
      expectErrors(await app[method](path), 401, NOT_AUTHORIZED);
      const { token } = await app.clinician();
      expectErrors(await app[method](path, { token }), 403, NOT_AUTHORIZED);
    },
  );
});
