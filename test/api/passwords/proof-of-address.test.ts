import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectErrors, expectStatus } from '../../support/expectations.js';
import { type RecordedOutbox, recordOutbox } from '../../support/outbox.js';
import type { Person } from '../../support/people.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

const PHONE = '+1-555-123-4567';

let app: InProcessApp;
let outbox: RecordedOutbox;
let next = 0;

beforeAll(async () => {
  app = await TestApp.start({ SUPPORT_CONTACT: 'help@clinic.example' });
  outbox = recordOutbox(app);
});
afterAll(() => app?.stop());

/** @returns whether the account is confirmed after its reset */
async function resetBy(person: Person): Promise<boolean> {
  const answer = await app.resetPassword(
    await outbox.resetToken(person),
    `another passphrase ${(next += 1)}`,
  );
  return (expectStatus(answer, 200).body as { user: { confirmed: boolean } }).user.confirmed;
}

const confirm = async ({ id }: Person): Promise<void> =>
  void expectStatus(await app.enterCode(id, outbox.code(id)), 200);

const codesTo = ({ id }: Person): number =>
  outbox.to(id).filter(({ kind }) => kind === 'confirmation').length;

it('a used link confirms an account whose codes go to the address', async () => {
  const person = await app.parent();
  expect(await resetBy(person)).toBe(true);
});

it('the first proof of an address withdraws the confirmation of a phone, and sends no code', async () => {
  const person = await app.parent({ user: { phone: PHONE } });
  await confirm(person);
  const sent = codesTo(person);
  expect(await resetBy(person)).toBe(false);
  expect(codesTo(person)).toBe(sent);
});

it('that phone is no value that was confirmed last either', async () => {
  const person = await app.parent({ user: { phone: PHONE } });
  await confirm(person);
  await resetBy(person);
  const { token } = await app.firstAdmin();
  const change = (phone: string) => app.put(`/v1/users/${person.id}`, { token, body: { user: { phone } } });
  expectStatus(await change('+1-555-987-6543'), 200);
  expect(expectStatus(await change(PHONE), 200).body).toMatchObject({ confirmed: false });
});

it('a second proof changes nothing', async () => {
  const person = await app.parent({ user: { phone: PHONE } });
  await confirm(person);
  await resetBy(person);
  const { token } = await app.firstAdmin();
  expectStatus(await app.post(`/v1/users/${person.id}/resend_confirmation`, { token }), 200);
  await confirm(person);
  expect(await resetBy(person)).toBe(true);
});

it('an address that was proved by a code is not proved anew by a link', async () => {
  const person = await app.parent();
  await confirm(person);
  expectStatus(await app.change(person, { phone: PHONE }), 200);
  await confirm(person);
  expect(await resetBy(person)).toBe(true);
});

it('the owner of a cancelled account hears why no link comes; the answer is the same', async () => {
  const person = await app.parent();
  await app.cancel(person);
  const answer = await app.requestReset(person.email);
  expect(answer.status).toBe(202);
  expect(outbox.to(person.id).at(-1)).toMatchObject({
    kind: 'account_cancelled',
    channel: 'email',
    destination: person.email,
  });
});

it('no metric tells of messages that only an address with an account is sent', async () => {
  const [person, cancelled] = [await app.parent(), await app.parent()];
  await app.cancel(cancelled);
  await app.requestReset(person.email);
  await app.requestReset(cancelled.email);
  const { text } = await app.get('/metrics');
  expect(text).toContain('kind="confirmation"');
  expect(text).not.toMatch(/password_reset"|account_cancelled/);
});

it('with the right password, a cancelled account is refused as such', async () => {
  const person = await app.parent();
  await app.cancel(person);
  expectErrors(await app.trySignIn(person.email, person.password), 403, 'Account is not active');
});
