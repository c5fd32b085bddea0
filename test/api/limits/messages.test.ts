import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../support/client.js';
import { HOUR, MINUTE, SECOND } from '../../support/durations.js';
import { comparableHeaders, expectErrors, expectStatus } from '../../support/expectations.js';
import { otherThan, type RecordedOutbox, recordOutbox } from '../../support/outbox.js';
import { FIRST_ADMIN, type Person, someone } from '../../support/people.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

let app: InProcessApp;
let outbox: RecordedOutbox;
let lastPhone = 0;

beforeAll(async () => {
  // What is counted by address of the caller would be in the way.
  app = await TestApp.start({
    RATE_LIMIT: 'on',
    LIMIT_SIGN_UPS_PER_IP: '1000/1h',
    LIMIT_CODES_PER_IP: '1000/1h',
    LIMIT_WRONG_CODES_PER_IP: '1000/1h',
    LIMIT_RESETS_PER_IP: '1000/1h',
    LIMIT_REQUESTS_PER_TOKEN: '10000/1m',
    LIMIT_REQUESTS_PER_IP: '10000/1m',
  });
  outbox = recordOutbox(app);
});
afterAll(() => app?.stop());

const newPhone = (): string => `+1555123${String((lastPhone += 1)).padStart(4, '0')}`;
const codes = (person: Person) => outbox.to(person.id).filter(({ kind }) => kind === 'confirmation');

function expectTooMany(answer: Answer, retryAfter: number): void {
  expectErrors(answer, 429, 'Too many requests');
  expect(answer.headers.get('retry-after')).toBe(String(retryAfter));
}

describe('messages with a code', () => {
  it('codes are 60 s apart for one destination, and 5 in any hour', async () => {
    const person = await app.parent({ user: { phone: newPhone() } });
    expectTooMany(await app.resendCode(person.token), 60);
    app.clock.forward(30 * SECOND + 1);
    expectTooMany(await app.resendCode(person.token), 30);
    app.clock.forward(30 * SECOND - 2);
    expectTooMany(await app.resendCode(person.token), 1);
    app.clock.forward(1);
    expect(expectStatus(await app.resendCode(person.token), 200).body).toMatchObject({ retry_after: 60 });
    for (let sent = 2; sent < 4; sent += 1) {
      app.clock.forward(MINUTE);
      expect(expectStatus(await app.resendCode(person.token), 200).body).toMatchObject({ retry_after: 60 });
    }
    app.clock.forward(MINUTE);
    // The fifth since the sign-up: the next one has to wait until that was an hour ago.
    expect(expectStatus(await app.resendCode(person.token), 200).body).toMatchObject({
      retry_after: 56 * 60,
    });
    app.clock.forward(MINUTE);
    expectTooMany(await app.resendCode(person.token), 55 * 60);
    app.clock.forward(55 * MINUTE);
    expectStatus(await app.resendCode(person.token), 200);
    expect(codes(person)).toHaveLength(6);
  });

  it('codes are 10 a day for one account', async () => {
    const person = await app.parent();
    for (let sent = 1; sent < 10; sent += 1) {
      app.clock.forward(HOUR);
      expectStatus(await app.resendCode(person.token), 200);
    }
    app.clock.forward(HOUR);
    expectTooMany(await app.resendCode(person.token), 14 * 3600);
    expect(codes(person)).toHaveLength(10);
  });

  it('a refused code leaves the last one valid and is not counted itself', async () => {
    const person = await app.parent();
    for (let attempt = 0; attempt < 5; attempt += 1) expectTooMany(await app.resendCode(person.token), 60);
    expectStatus(await app.enterCode(person.id, outbox.code(person.id)), 200);
  });

  it('codes count for the phone number, whoever has it and however it is written', async () => {
    const [first, second] = [await app.parent({ user: { phone: '+1 555 777 0001' } }), await app.parent()];
    expectStatus(await app.change(second, { phone: '+1 (555) 777-0001' }), 200);
    expect(codes(first)).toHaveLength(1);
    expect(codes(second)).toHaveLength(1);
    expectTooMany(await app.resendCode(second.token), 60);
    app.clock.forward(MINUTE);
    expectStatus(await app.resendCode(second.token), 200);
    expectTooMany(await app.resendCode(first.token), 60);
    app.clock.forward(MINUTE);
    expectStatus(await app.resendCode(first.token), 200);
    app.clock.forward(MINUTE);
    expectStatus(await app.resendCode(first.token), 200);
    app.clock.forward(MINUTE);
    expectStatus(await app.resendCode(second.token), 200);
    app.clock.forward(MINUTE);
    // Five to the number within four minutes, but only three to each account.
    expectTooMany(await app.resendCode(first.token), 55 * 60);
    expectTooMany(await app.resendCode(second.token), 55 * 60);
  });

  it('a phone number is sent one code a minute even if many sign up with it at once', async () => {
    const phone = newPhone();
    const people = await Promise.all(Array.from({ length: 8 }, () => app.parent({ user: { phone } })));
    expect(people.flatMap(codes)).toHaveLength(1);
  });

  it('one code goes out, however many are asked for at once', async () => {
    const person = await app.parent();
    app.clock.forward(MINUTE);
    const answers = await Promise.all(Array.from({ length: 10 }, () => app.resendCode(person.token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200)) expectTooMany(answer, 60);
    expect(codes(person)).toHaveLength(2);
  });

  it('a new phone that may not be sent a code is saved all the same, and the code to the address is invalid', async () => {
    const phone = newPhone();
    await app.parent({ user: { phone } });
    const person = await app.parent();
    const old = outbox.code(person.id);
    expect(expectStatus(await app.change(person, { phone }), 200).body).toMatchObject({
      phone,
      confirmed: false,
    });
    expect(codes(person)).toHaveLength(1);
    expectErrors(await app.enterCode(person.id, old), 401, 'Invalid Code');
    app.clock.forward(MINUTE);
    expectStatus(await app.resendCode(person.token), 200);
  });

  it('codes count for the account, wherever they go', async () => {
    const person = await app.parent({ user: { phone: newPhone() } });
    for (let change = 1; change < 5; change += 1) {
      expectStatus(await app.change(person, { phone: newPhone() }), 200);
      expect(codes(person)).toHaveLength(1 + change);
    }
    expectStatus(await app.change(person, { phone: newPhone() }), 200);
    expect(codes(person)).toHaveLength(5);
    expectTooMany(await app.resendCode(person.token), 3600);
  });

  it('codes of template users are not counted for a real phone number', async () => {
    const phone = newPhone();
    const template = await app.parent({ template: true, user: { phone } });
    expectTooMany(await app.resendCode(template.token), 60);
    const person = await app.parent({ user: { phone } });
    expect(codes(person)).toHaveLength(1);
  });

  it('a confirmed user who asks for a code is told so, whatever the limits say', async () => {
    const person = await app.parent();
    await app.confirm(person.id);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expectErrors(await app.resendCode(person.token), 422, { base: ['is already confirmed'] });
    }
  });

  it('codes that an administrator asks for count like any other', async () => {
    const person = await app.parent();
    const token = await app.signIn(FIRST_ADMIN);
    const path = `/v1/users/${person.id}/resend_confirmation`;
    expectTooMany(await app.post(path, { token }), 60);
    app.clock.forward(MINUTE);
    expectStatus(await app.post(path, { token }), 200);
    expectTooMany(await app.resendCode(person.token), 60);
  });
});

describe('password resets', () => {
  it.each(['known', 'unknown'])(
    'password resets are 60 s apart and 5 in any hour for a %s address',
    async (kind) => {
      const { email } = kind === 'known' ? await app.parent() : someone();
      expectStatus(await app.requestReset(email), 202);
      expectTooMany(await app.requestReset(email), 60);
      expectTooMany(await app.requestReset(email.toUpperCase()), 60);
      for (let sent = 1; sent < 5; sent += 1) {
        app.clock.forward(MINUTE);
        expectStatus(await app.requestReset(email), 202);
      }
      app.clock.forward(MINUTE);
      expectTooMany(await app.requestReset(email), 55 * 60);
      app.clock.forward(55 * MINUTE);
      expectStatus(await app.requestReset(email), 202);
    },
  );

  it('a refused password reset is answered alike for a known and an unknown address', async () => {
    const known = await app.parent();
    const emails = [known.email, someone().email];
    const [first, second] = await Promise.all(
      emails.map(async (email) => {
        await app.requestReset(email);
        return app.requestReset(email);
      }),
    );
    expect(second!.text).toBe(first!.text);
    expect(comparableHeaders(second!)).toEqual(comparableHeaders(first!));
  });

  it('one password reset goes out, however many are asked for at once', async () => {
    const person = await app.parent();
    const answers = await Promise.all(Array.from({ length: 10 }, () => app.requestReset(person.email)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(outbox.to(person.id).filter(({ kind }) => kind === 'password_reset')).toHaveLength(1);
  });
});

describe('the database', () => {
  it('limits are stored without address, number or account', async () => {
    const phone = newPhone();
    const person = await app.parent({ user: { phone } });
    await app.requestReset(person.email);
    const rows = await app.sql('SELECT * FROM quotas');
    expect(rows.length).toBeGreaterThan(2);
    for (const { subject_digest: subject, uses } of rows) {
      expect(subject).toMatch(/^[0-9a-f]{64}$/);
      expect(uses).toMatch(/^(\d{13}(,\d{13})*)?$/);
    }
  });

  it('limits of an account are deleted with the account', async () => {
    const person = await app.parent();
    expectStatus(await app.enterCode(person.id, otherThan(outbox.code(person.id))), 401);
    const before = await app.sql('SELECT subject_digest FROM quotas');
    const token = await app.signIn(FIRST_ADMIN);
    expectStatus(await app.delete(`/v1/users/${person.id}`, { token }), 204);
    // The codes and the wrong codes of the account; what its address was sent is forgotten after a day.
    expect(await app.sql('SELECT subject_digest FROM quotas')).toHaveLength(before.length - 2);
  });
});
