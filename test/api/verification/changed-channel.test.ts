import { afterAll, beforeAll, expect, it } from 'vitest';
import { DAY } from '../../support/durations.js';
import { expectStatus } from '../../support/expectations.js';
import { type RecordedOutbox, recordOutbox } from '../../support/outbox.js';
import type { Person } from '../../support/people.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

const A = '+1-555-123-4567';
const B = '+1-555-987-6543';

let app: InProcessApp;
let outbox: RecordedOutbox;

beforeAll(async () => {
  app = await TestApp.start({
    RATE_LIMIT: 'on',
    LIMIT_SIGN_UPS_PER_IP: '1000/1h',
    LIMIT_CODES_PER_IP: '1000/1h',
  });
  outbox = recordOutbox(app);
});
afterAll(() => app?.stop());

async function isConfirmed({ id, token }: Person): Promise<boolean> {
  const { body } = expectStatus(await app.get(`/v1/users/${id}`, { token }), 200);
  return (body as { confirmed: boolean }).confirmed;
}

const codesTo = ({ id }: Person): number =>
  outbox.to(id).filter(({ kind }) => kind === 'confirmation').length;

async function confirmedWith(phone: string | null): Promise<Person> {
  // The limit per destination: the numbers are used by every test here.
  app.clock.forward(DAY);
  const person = await app.parent({ user: { phone } });
  expectStatus(await app.enterCode(person.id, outbox.code(person.id)), 200);
  app.clock.forward(DAY);
  return { ...person, token: await app.signIn(person) };
}

it('a phone that is changed and changed back to what was confirmed is confirmed without a new code', async () => {
  const person = await confirmedWith(A);
  expectStatus(await app.change(person, { phone: B }), 200);
  expect(await isConfirmed(person)).toBe(false);
  const sent = codesTo(person);
  expectStatus(await app.change(person, { phone: A }), 200);
  expect(await isConfirmed(person)).toBe(true);
  expect(codesTo(person)).toBe(sent);
});

it('once another phone was confirmed, the one before has to be confirmed again', async () => {
  const person = await confirmedWith(A);
  expectStatus(await app.change(person, { phone: B }), 200);
  expectStatus(await app.enterCode(person.id, outbox.code(person.id)), 200);
  expectStatus(await app.change(person, { phone: A }), 200);
  expect(await isConfirmed(person)).toBe(false);
});

it('a code that a limit holds back leaves alive the one that this destination got before', async () => {
  app.clock.forward(DAY);
  const person = await app.parent({ user: { phone: A } });
  const code = outbox.code(person.id);
  expectStatus(await app.change(person, { phone: B }), 200);
  expectStatus(await app.change(person, { phone: A }), 200);
  expectStatus(await app.enterCode(person.id, code), 200);
});

it('a code to another destination than the present one does not confirm', async () => {
  app.clock.forward(DAY);
  const person = await app.parent({ user: { phone: A } });
  const code = outbox.code(person.id);
  expectStatus(await app.change(person, { phone: B }), 200);
  expect((await app.enterCode(person.id, code)).status).toBe(401);
});

it('clearing the phone makes the e-mail address the channel, which has to be confirmed', async () => {
  const person = await confirmedWith(A);
  expectStatus(await app.change(person, { phone: null }), 200);
  expect(await isConfirmed(person)).toBe(false);
  expect(outbox.to(person.id).at(-1)).toMatchObject({ kind: 'confirmation', destination: person.email });
});

it('a new phone is announced by e-mail, and by SMS to the former number', async () => {
  const person = await confirmedWith(A);
  expectStatus(await app.change(person, { phone: B }), 200);
  const notices = outbox.to(person.id).filter(({ kind }) => kind === 'phone_changed');
  expect(notices).toMatchObject([
    { channel: 'email', destination: person.email },
    { channel: 'sms', destination: '+15551234567' },
  ]);
});

it('a number that is only written otherwise is announced to nobody', async () => {
  const person = await confirmedWith(A);
  expectStatus(await app.change(person, { phone: '+1 (555) 123 4567' }), 200);
  expect(await isConfirmed(person)).toBe(true);
  expect(outbox.to(person.id).filter(({ kind }) => kind === 'phone_changed')).toEqual([]);
});
