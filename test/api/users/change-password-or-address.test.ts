import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../support/client.js';
import { MINUTE } from '../../support/durations.js';
import { expectErrors, expectStatus } from '../../support/expectations.js';
import { type Person, someone } from '../../support/people.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

let app: InProcessApp;

beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app?.stop());

const read = async (id: number): Promise<Answer['body']> =>
  expectStatus(await app.asAdmin('GET', `/v1/users/${id}`), 200).body;
const update = (id: number, token: string, body: unknown) => app.put(`/v1/users/${id}`, { token, body });

const stale = async (details = {}): Promise<Person> => {
  const person = await app.parent(details);
  app.clock.forward(15 * MINUTE);
  return person;
};

describe('a fresh session, or the current password', () => {
  const BLANK = { current_password: ["can't be blank"] };
  const WRONG = { current_password: ['is invalid'] };

  it('a change of the own password or address in an older session needs the current password', async () => {
    const person = await stale();
    const before = await read(person.id);
    const { email } = someone();
    for (const user of [
      { password: 'another secret' },
      { email },
      { email, password: 'another secret' },
      { password: person.password },
    ]) {
      expectErrors(await app.change(person, user), 422, BLANK);
      expectErrors(await app.change(person, { ...user, current_password: '' }), 422, BLANK);
      expectErrors(await app.change(person, { ...user, current_password: null }), 422, BLANK);
      expectErrors(await app.change(person, { ...user, current_password: 'wrong' }), 422, WRONG);
      expectErrors(
        await app.change(person, { ...user, current_password: `${person.password} ` }),
        422,
        WRONG,
      );
    }
    expect(await read(person.id)).toEqual(before);
    const sent = { email, password: 'another secret', current_password: person.password };
    const { body } = expectStatus(await app.change(person, sent), 200);
    expect(body.email).toBe(email);
    expect(await app.signIn({ email, password: 'another secret' })).toMatch(/^gu_/);
  });

  it('a session is fresh for less than 15 minutes', async () => {
    const person = await app.parent();
    app.clock.forward(15 * MINUTE - 1);
    expectStatus(await app.change(person, { email: someone().email }), 200);
    app.clock.forward(1);
    expectErrors(await app.change(person, { email: someone().email }), 422, BLANK);
    const token = await app.signIn({ ...person, email: (await read(person.id)).email });
    expectStatus(await app.change({ ...person, token }, { email: someone().email }), 200);
  });

  it('using a session does not make it fresh again', async () => {
    const person = await app.parent();
    for (let i = 0; i < 3; i += 1) {
      app.clock.forward(5 * MINUTE);
      expect(await app.isSignedIn(person.token)).toBe(true);
    }
    expectErrors(await app.change(person, { email: someone().email }), 422, BLANK);
  });

  it('other changes, and the address that is there already, need no current password', async () => {
    const person = await stale();
    const user = { first_name: 'Other', phone: '+1-555-123-4567', email: person.email.toUpperCase() };
    expectStatus(await app.change(person, user), 200);
  });

  it('a current password that is sent is always checked', async () => {
    const person = await app.parent();
    for (const user of [{}, { first_name: 'X' }, { password: 'another secret' }]) {
      expectErrors(await app.change(person, { ...user, current_password: 'wrong' }), 422, WRONG);
      for (const wrong of [5, true, [], {}]) {
        expectErrors(await app.change(person, { ...user, current_password: wrong }), 422, WRONG);
      }
    }
    expectStatus(await app.change(person, { first_name: 'X', current_password: person.password }), 200);
  });

  it('a missing current password is reported together with everything else', async () => {
    const person = await stale();
    expectErrors(await app.change(person, { password: 'x7!kq', first_name: '' }), 422, {
      password: ['is too short (minimum is 8 characters)'],
      first_name: ["can't be blank"],
      ...BLANK,
    });
  });

  it('an administrator needs no current password for others, but for their own account', async () => {
    const [person, admin] = [await app.parent(), await app.admin()];
    app.clock.forward(14 * MINUTE);
    expect(await app.isSignedIn(admin.token)).toBe(true);
    app.clock.forward(2 * MINUTE);
    expectStatus(await update(person.id, admin.token, { user: { password: 'given by an admin' } }), 200);
    expectErrors(await app.change(admin, { password: 'another secret' }), 422, BLANK);
    expectStatus(
      await app.change(admin, { password: 'another secret', current_password: admin.password }),
      200,
    );
  });
});

describe('what a change brings with it', () => {
  it('a new password ends all other sessions of the user', async () => {
    const person = await app.parent();
    const others = [await app.signIn(person), await app.signIn(person)];
    expectStatus(await app.change(person, { password: 'another secret' }), 200);
    expect(await app.isSignedIn(person.token)).toBe(true);
    for (const token of others) expect(await app.isSignedIn(token)).toBe(false);
    const wrong = await app.post('/v1/sessions', { body: person });
    expectErrors(wrong, 401, 'Invalid email or password');
  });

  it('a password that an administrator changes ends all sessions', async () => {
    const person = await app.parent();
    const other = await app.signIn(person);
    expectStatus(
      await app.asAdmin('PUT', `/v1/users/${person.id}`, { user: { password: 'another secret' } }),
      200,
    );
    for (const token of [person.token, other]) expect(await app.isSignedIn(token)).toBe(false);
    expect(await app.signIn({ ...person, password: 'another secret' })).toMatch(/^gu_/);
  });

  it('changes other than the password end no session', async () => {
    const person = await app.parent();
    const other = await app.signIn(person);
    expectStatus(
      await app.change(person, { email: someone().email, first_name: 'X', phone: '+1-555-123-4567' }),
      200,
    );
    for (const token of [person.token, other]) expect(await app.isSignedIn(token)).toBe(true);
  });

  const PHONE = '+1-555-123-4567';

  it.each([
    ['a new phone number', { phone: PHONE }, { phone: '+1-555-987-6543' }, false],
    ['the same number written otherwise', { phone: PHONE }, { phone: '+1 (555) 123 4567' }, true],
    ['a first phone number', {}, { phone: PHONE }, false],
    ['clearing the phone number', { phone: PHONE }, { phone: null }, false],
    ['a new address where there is no phone', {}, { email: () => someone().email }, false],
    ['a new address where there is a phone', { phone: PHONE }, { email: () => someone().email }, true],
    ['the same address in another case', {}, { email: 'same' }, true],
    ['a new name', {}, { first_name: 'Other' }, true],
    ['a new password', {}, { password: 'another secret' }, true],
  ])('%s leaves confirmed as %s', async (_, before, changes, confirmed) => {
    const person = await app.parent({ user: before });
    await app.confirm(person.id);
    const values = Object.entries(changes).map(([field, value]) => {
      if (value === 'same') return [field, person.email.toUpperCase()];
      return [field, typeof value === 'function' ? value() : value];
    });
    const { body } = expectStatus(await app.change(person, Object.fromEntries(values)), 200);
    expect(body.confirmed).toBe(confirmed);
    const after = await read(person.id);
    expect([after.confirmed, after.confirmed_at !== null]).toEqual([confirmed, confirmed]);
  });

  it('a phone number written otherwise is shown as it was written last', async () => {
    const person = await app.parent({ user: { phone: PHONE } });
    const { body } = expectStatus(await app.change(person, { phone: '+1 (555) 123 4567' }), 200);
    expect(body.phone).toBe('+1 (555) 123 4567');
  });
});
