import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../support/client.js';
import { MINUTE } from '../../support/durations.js';
import { comparableHeaders, expectErrors, expectStatus, NOT_AUTHORIZED } from '../../support/expectations.js';
import { type RecordedOutbox, recordOutbox } from '../../support/outbox.js';
import { someone } from '../../support/people.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

const NEW = 'quite another passphrase';
const REQUESTED = { message: 'If the address has an account, instructions have been sent to it.' };

let app: InProcessApp;
let outbox: RecordedOutbox;

beforeAll(async () => {
  app = await TestApp.start();
  outbox = recordOutbox(app);
});
afterAll(() => app?.stop());
const reset = (token: unknown, password: unknown = NEW, more: object = {}): Promise<Answer> =>
  app.resetPassword(token, password, more);

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length / 2]!;

describe('asking for a reset', () => {
  it('asking for a reset sends a link to the stored address', async () => {
    const person = await app.parent({ user: { language: 'fr', phone: '+15551234567' } });
    const answer = await app.requestReset(`  ${person.email.toUpperCase()} `);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 202, body: REQUESTED });
    expect(outbox.to(person.id).slice(1)).toEqual([
      {
        userId: person.id,
        kind: 'password_reset',
        channel: 'email',
        destination: person.email,
        language: 'fr',
        values: {
          firstName: expect.any(String),
          link: expect.stringMatching(/\/reset-password\?token=[A-Za-z0-9_-]{43}$/),
        },
        expiresAt: new Date(app.clock.now().getTime() + 60 * MINUTE),
        suppressed: false,
        nativeSignup: false,
      },
    ]);
  });

  it("the link of a reset leads to this server where it really listens, whatever the request's host", async () => {
    const person = await app.parent();
    const headers = {
      Host: 'evil.example',
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Proto': 'https',
      Forwarded: 'host=evil.example',
      Origin: 'https://evil.example',
      Referer: 'https://evil.example/',
    };
    expectStatus(await app.requestReset(person.email, { headers }), 202);
    const { link } = outbox.to(person.id).at(-1)!.values;
    expect(link).toBe(`${app.url}/reset-password?token=${outbox.token(person.id)}`);
  });

  it('asking for a reset of an unknown address is answered just the same, and stores nothing', async () => {
    const person = await app.parent();
    const known = await app.requestReset(person.email);
    const resets = await app.sql('SELECT user_id FROM password_resets');
    const messages = outbox.messages.length;
    const unknown = await app.requestReset(someone().email);
    expect({ status: unknown.status, text: unknown.text }).toEqual({
      status: known.status,
      text: known.text,
    });
    expect(comparableHeaders(unknown)).toEqual(comparableHeaders(known));
    expect(await app.sql('SELECT user_id FROM password_resets')).toEqual(resets);
    expect(outbox.messages).toHaveLength(messages);
  });

  it('asking for a reset takes as long for an unknown address as for a known one', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, () => app.parent()));
    const times = { known: [] as number[], unknown: [] as number[] };
    const time = async (kind: keyof typeof times, email: string): Promise<void> => {
      const start = performance.now();
      expectStatus(await app.requestReset(email), 202);
      times[kind].push(performance.now() - start);
    };
    for (const { email } of people) {
      await time('known', email);
      await time('unknown', someone().email);
    }
    expect(median(times.known)).toBeGreaterThan(200);
    expect(Math.abs(median(times.known) - median(times.unknown))).toBeLessThan(40);
  });

  it('a cancelled account is sent no link, and the answer does not tell', async () => {
    const person = await app.parent();
    await app.cancel(person);
    const before = outbox.messages.length;
    const answer = await app.requestReset(person.email);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 202, body: REQUESTED });
    expect(outbox.messages.slice(before).map(({ kind }) => kind)).toEqual(['account_cancelled']);
  });

  it('the reset of a template user is recorded and not sent', async () => {
    const person = await app.parent({ template: true });
    await app.requestReset(person.email);
    expect(outbox.to(person.id).at(-1)).toMatchObject({ kind: 'password_reset', suppressed: true });
    expectStatus(await reset(outbox.token(person.id)), 200);
  });

  it.each([
    ['no address', 'is invalid'],
    ['mıke@example.com', 'is invalid'],
    ['mi\u212Ae@example.com', 'is invalid'],
    ['mike@example.com\nbcc: x@example.com', 'is invalid'],
    ['mike@example.com,other@example.com', 'is invalid'],
    ['', "can't be blank"],
    [null, "can't be blank"],
    [['mike@example.com'], 'is invalid'],
    [{ $gt: '' }, 'is invalid'],
    [true, 'is invalid'],
    [1, 'is invalid'],
  ])('asking for a reset of %j is answered 422', async (email, message) => {
    await app.signUp({ user: { email: 'mike@example.com' } });
    const before = outbox.messages.length;
    expectErrors(await app.requestReset(email), 422, { email: [message] });
    expect(outbox.messages).toHaveLength(before);
  });

  it('an administrator asks for a reset on behalf of a user', async () => {
    const person = await app.parent();
    const { token } = await app.firstAdmin();
    const path = `/v1/users/${person.id}/password_reset`;
    const answer = await app.post(path, { token });
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 202, body: REQUESTED });
    const log = await app.get(`/v1/audit_events?user_id=${person.id}`, { token });
    expect(log.body.audit_events[0]).toMatchObject({ action: 'user.password_reset_requested' });
    expectStatus(await reset(outbox.token(person.id)), 200);
    expectErrors(
      await app.post(path, { token: await app.signIn({ ...person, password: NEW }) }),
      403,
      NOT_AUTHORIZED,
    );
    expectErrors(await app.post('/v1/users/999999/password_reset', { token }), 404, 'User not found');
    expectStatus(await app.post(`/v1/users/${person.id}/cancel`, { token }), 200);
    expectErrors(await app.post(path, { token }), 422, { base: ['is not allowed'] });
  });
});

describe('an address that is changed', () => {
  it('a changed address gets no more links, and notices go to it all the same', async () => {
    const person = await app.parent();
    const email = someone().email;
    expectStatus(await app.change(person, { email, password: 'a password of both at once' }), 200);
    const notices = outbox.to(person.id).filter(({ kind }) => kind.endsWith('_changed'));
    expect(Object.fromEntries(notices.map(({ kind, destination }) => [kind, destination]))).toEqual({
      email_changed: person.email,
      password_changed: person.email,
    });
    const before = outbox.messages.length;
    expectStatus(await app.requestReset(person.email), 202);
    expect(outbox.messages).toHaveLength(before);
    expectStatus(await app.requestReset(email), 202);
    expect(outbox.messages.at(-1)).toMatchObject({ kind: 'password_reset', destination: email });
  });
});
