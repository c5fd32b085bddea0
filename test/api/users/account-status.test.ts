import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../support/client.js';
import { MINUTE } from '../../support/durations.js';
import { expectErrors, expectStatus, NOT_AUTHORIZED } from '../../support/expectations.js';
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

const approve = (id: number, approved: unknown = true) =>
  app.asAdmin('PUT', `/v1/users/${id}/clinical_approval`, { approved });

const templateSignUp = () => ({ body: { user: someone(), template: true } });

describe('creating', () => {
  it('a sign-up sets read-only properties as specified, whatever is sent', async () => {
    const readOnly = {
      id: 1,
      role: 'admin',
      active: false,
      confirmed: true,
      created_at: '2001-01-01T00:00:00.000Z',
      updated_at: '2001-01-01T00:00:00.000Z',
      confirmed_at: '2001-01-01T00:00:00.000Z',
      cancelled_at: '2001-01-01T00:00:00.000Z',
      last_sign_in_at: '2001-01-01T00:00:00.000Z',
      clinical_approved: true,
      password_digest: 'x',
      token: 'x',
      phone_e164: '+15551234567',
    };
    const now = app.clock.now().toISOString();
    const answer = expectStatus(await app.signUp({ user: { ...someone(), ...readOnly }, ...readOnly }), 201);
    expect(answer.body).toMatchObject({
      role: 'parent',
      active: true,
      confirmed: false,
      phone: null,
      created_at: now,
      updated_at: now,
    });
    expect(await read(answer.body.id)).toMatchObject({
      id: answer.body.id,
      role: 'parent',
      confirmed: false,
      clinical_approved: false,
      confirmed_at: null,
      cancelled_at: null,
    });
  });

  it('a sign-up with the token of a user who is no administrator is like one without', async () => {
    for (const person of [await app.parent(), await app.clinician()]) {
      const answer = await app.post('/v1/users', { token: person.token, body: { user: someone() } });
      expect(answer.status).toBe(201);
      expect(Object.keys(answer.body)).toHaveLength(13);
      const token = answer.headers.get('x-user-token')!;
      const me = await app.get('/v1/users/me', { token });
      expect(me.body.id).toBe(answer.body.id);
    }
  });

  it("a sign-up with an administrator's token is for another person and answers no token", async () => {
    const { token } = await app.firstAdmin();
    for (const headers of [{ 'X-User-Token': token }, { Authorization: `Bearer ${token}` }] as const) {
      const details = someone();
      const answer = await app.post('/v1/users', { headers, body: { user: details, clinical: true } });
      expect(answer.status).toBe(201);
      expect(answer.headers.get('x-user-token')).toBeNull();
      expect(Object.keys(answer.body)).toHaveLength(19);
      expect(answer.body).toMatchObject({ role: 'parent', clinical: true, clinical_approved: false });
      expect(await app.sql('SELECT id FROM sessions WHERE user_id = ?', [answer.body.id])).toEqual([]);
      expect(await app.signIn(details)).toMatch(/^gu_/);
    }
  });

  it('a sign-up that is refused leaves nothing behind', async () => {
    const [before] = await app.sql('SELECT COUNT(*) AS count FROM users');
    await app.signUp({ user: { password: 'x' } });
    await app.signUp({ user: { email: (await app.firstAdmin()).email } });
    expect(await app.sql('SELECT COUNT(*) AS count FROM users')).toEqual([before]);
  });
});

describe('reading', () => {
  it('users read themselves alike by id and as me', async () => {
    const person = await app.parent();
    const byId = await app.get(`/v1/users/${person.id}`, { token: person.token });
    const me = await app.get('/v1/users/me', { token: person.token });
    expect(byId.status).toBe(200);
    expect(me.text).toBe(byId.text);
  });
});

describe('updating', () => {
  it('an update of nothing changes nothing, nor updated_at', async () => {
    const person = await app.parent({ user: { phone: '+1-555-123-4567' } });
    const before = await read(person.id);
    app.clock.forward(1000);
    const { token } = person;
    for (const sent of [
      {},
      { body: {} },
      { body: { user: {} } },
      { body: { user: null } },
      { body: { clinical: null, template: null } },
      { body: { unknown: 1, user: { unknown: 1 } } },
      { body: { user: before } },
      {
        body: {
          user: { ...before, first_name: ` ${before.first_name} `, email: before.email.toUpperCase() },
        },
      },
    ]) {
      const answer = expectStatus(await app.put(`/v1/users/${person.id}`, { token, ...sent }), 200);
      expect(answer.body.updated_at).toBe(before.updated_at);
    }
    expect(await read(person.id)).toEqual(before);
  });

  it('an update changes only what is sent', async () => {
    const person = await app.parent({ user: { phone: '+1-555-123-4567', language: 'de' } });
    const before = await read(person.id);
    for (const [field, value] of Object.entries({
      first_name: 'New',
      last_name: 'Name',
      date_of_birth: '1988-08-08',
      language: 'fr',
    })) {
      app.clock.forward(1000);
      const { body } = expectStatus(await app.change(person, { [field]: value }), 200);
      expect(body[field]).toBe(value);
      expect(body.updated_at).toBe(app.clock.now().toISOString());
    }
    expect(await read(person.id)).toEqual({
      ...before,
      first_name: 'New',
      last_name: 'Name',
      date_of_birth: '1988-08-08',
      language: 'fr',
      updated_at: app.clock.now().toISOString(),
    });
  });

  it('an update to null or empty clears what is optional', async () => {
    for (const empty of [null, '']) {
      const person = await app.parent({
        user: { phone: '+1-555-123-4567', date_of_birth: '1988-08-08', language: 'de' },
      });
      const { body } = expectStatus(
        await app.change(person, { phone: empty, date_of_birth: empty, language: empty }),
        200,
      );
      expect(body).toMatchObject({ phone: null, date_of_birth: null, language: 'en' });
    }
  });

  it('an update to null or empty of a required field is blank', async () => {
    const person = await app.parent();
    for (const empty of [null, '', '  ']) {
      const user = { email: empty, password: empty, first_name: empty, last_name: empty };
      expectErrors(await app.change(person, user), 422, {
        email: ["can't be blank"],
        password: ["can't be blank"],
        first_name: ["can't be blank"],
        last_name: ["can't be blank"],
      });
    }
  });

  it('an update is all or nothing, and says all that is wrong', async () => {
    const [person, other] = [await app.parent(), await app.parent()];
    const before = await read(person.id);
    const user = {
      first_name: 'New',
      email: other.email,
      password: 'x7!kq',
      phone: '5',
      current_password: 'no',
    };
    expectErrors(await update(person.id, person.token, { user, clinical: 'x' }), 422, {
      email: ['has already been taken'],
      password: ['is too short (minimum is 8 characters)'],
      phone: ['is invalid'],
      current_password: ['is invalid'],
      clinical: ['is invalid'],
    });
    expect(await read(person.id)).toEqual(before);
  });

  it('an update takes back the object that was answered, and its read-only properties have no effect', async () => {
    const person = await app.parent();
    const before = await read(person.id);
    const readOnly = {
      id: 1,
      role: 'admin',
      active: false,
      confirmed: true,
      created_at: '2001-01-01T00:00:00.000Z',
      updated_at: '2001-01-01T00:00:00.000Z',
      template: true,
      native_signup: true,
      clinical_approved: true,
      confirmed_at: '2001-01-01T00:00:00.000Z',
      cancelled_at: '2001-01-01T00:00:00.000Z',
      last_sign_in_at: '2001-01-01T00:00:00.000Z',
      password_digest: 'x',
    };
    for (const body of [{ user: { ...before, ...readOnly } }, { ...before, ...readOnly, user: before }]) {
      expectStatus(await update(person.id, person.token, body), 200);
      expect(await read(person.id)).toEqual(before);
    }
    // Nor for an administrator: these have endpoints of their own.
    const { template: _, ...fixed } = readOnly;
    expectStatus(
      await app.asAdmin('PUT', `/v1/users/${person.id}`, { user: { ...before, ...fixed }, ...fixed }),
      200,
    );
    expect(await read(person.id)).toEqual(before);
  });

  it('clinical is set by the owner and administrators, template by administrators, native_signup never', async () => {
    const person = await app.parent();
    const flags = { clinical: true, template: true, native_signup: true };
    const own = expectStatus(await update(person.id, person.token, flags), 200);
    expect(own.body.clinical).toBe(true);
    expect(await read(person.id)).toMatchObject({ clinical: true, template: false, native_signup: false });
    expectStatus(await app.asAdmin('PUT', `/v1/users/${person.id}`, { ...flags, clinical: false }), 200);
    expect(await read(person.id)).toMatchObject({ clinical: false, template: true, native_signup: false });
  });

  it('setting clinical to false withdraws the approval', async () => {
    const person = await app.clinician();
    expect(await read(person.id)).toMatchObject({ clinical: true, clinical_approved: true });
    expectStatus(await update(person.id, person.token, { clinical: false }), 200);
    expect(await read(person.id)).toMatchObject({ clinical: false, clinical_approved: false });
    expectStatus(await update(person.id, person.token, { clinical: true }), 200);
    expect(await read(person.id)).toMatchObject({ clinical: true, clinical_approved: false });
  });
});

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

describe('cancelling and reactivating', () => {
  it('a cancellation ends all sessions and keeps everything else, and repeating it changes nothing', async () => {
    const person = await app.clinician({ user: { phone: '+1-555-123-4567' } });
    const other = await app.signIn(person);
    const before = await read(person.id);
    app.clock.forward(1000);
    const cancelledAt = app.clock.now().toISOString();
    const { body } = await app.cancel(person);
    expect(body.active).toBe(false);
    const after = await read(person.id);
    expect(after).toEqual({
      ...before,
      active: false,
      clinical_approved: false,
      cancelled_at: cancelledAt,
      updated_at: cancelledAt,
    });
    for (const token of [person.token, other]) expect(await app.isSignedIn(token)).toBe(false);
    expect(await app.sql('SELECT id FROM sessions WHERE user_id = ?', [person.id])).toEqual([]);

    app.clock.forward(1000);
    expect((await app.asAdmin('POST', `/v1/users/${person.id}/cancel`)).body).toEqual(after);

    const back = expectStatus(await app.asAdmin('POST', `/v1/users/${person.id}/reactivate`), 200);
    const reactivatedAt = app.clock.now().toISOString();
    expect(back.body).toEqual({ ...after, active: true, cancelled_at: null, updated_at: reactivatedAt });
    app.clock.forward(1000);
    expect((await app.asAdmin('POST', `/v1/users/${person.id}/reactivate`)).body).toEqual(back.body);
    for (const token of [person.token, other]) expect(await app.isSignedIn(token)).toBe(false);
    expect(await app.signIn(person)).toMatch(/^gu_/);
  });

  it('a cancelled account signs in with 403 for the right password, 401 for a wrong one', async () => {
    const person = await app.parent();
    expectStatus(await app.asAdmin('POST', `/v1/users/${person.id}/cancel`), 200);
    expectErrors(await app.post('/v1/sessions', { body: person }), 403, 'Account is not active');
    const wrong = await app.post('/v1/sessions', { body: { ...person, password: 'wrong' } });
    expectErrors(wrong, 401, 'Invalid email or password');
  });

  it('a cancelled account keeps its address', async () => {
    const person = await app.parent();
    await app.cancel(person);
    const { email } = person;
    expect((await app.post('/v1/users/email_has_account', { body: { email } })).body).toEqual({
      has_account: true,
    });
    expectErrors(await app.signUp({ user: { email } }), 422, { email: ['has already been taken'] });
  });
});

describe('roles', () => {
  it('a new role ends the sessions and grants its rights', async () => {
    const person = await app.parent();
    const promoted = expectStatus(
      await app.asAdmin('PUT', `/v1/users/${person.id}/role`, { role: 'admin' }),
      200,
    );
    expect(promoted.body.role).toBe('admin');
    expect(await app.isSignedIn(person.token)).toBe(false);
    const token = await app.signIn(person);
    expect((await app.get('/v1/users', { token })).body.meta.total_count).toBeGreaterThan(1);
    const demoted = expectStatus(
      await app.asAdmin('PUT', `/v1/users/${person.id}/role`, { role: 'parent' }),
      200,
    );
    expect(demoted.body.role).toBe('parent');
    expect(await app.isSignedIn(token)).toBe(false);
  });

  it.each<[unknown, string]>([
    [{}, "can't be blank"],
    [{ role: null }, "can't be blank"],
    [{ role: '' }, "can't be blank"],
    [{ role: 'root' }, 'is not included in the list'],
    [{ role: 'Admin' }, 'is not included in the list'],
    [{ role: 'constructor' }, 'is not included in the list'],
    [{ role: 1 }, 'is invalid'],
    [{ role: ['admin'] }, 'is invalid'],
  ])('the role %j is answered 422: %s', async (body, message) => {
    const person = await app.parent();
    expectErrors(await app.asAdmin('PUT', `/v1/users/${person.id}/role`, body), 422, { role: [message] });
    expect(await app.isSignedIn(person.token)).toBe(true);
  });
});

describe('the last administrator', () => {
  it('the last active administrator can neither be cancelled, nor deleted, nor lose the role', async () => {
    const { id, token } = await app.firstAdmin();
    // All others are gone in one way or another.
    const { body } = await app.get('/v1/users?role=admin&active=true&page_size=200', { token });
    for (const other of body.users.filter((user: Person) => user.id !== id)) {
      expectStatus(await app.asAdmin('POST', `/v1/users/${other.id}/cancel`), 200);
    }
    const inactive = await app.admin();
    expectStatus(await app.asAdmin('POST', `/v1/users/${inactive.id}/cancel`), 200);

    const before = await read(id);
    const refused = { base: [expect.any(String)] };
    expectErrors(await app.asAdmin('POST', `/v1/users/${id}/cancel`), 422, refused);
    expectErrors(await app.asAdmin('DELETE', `/v1/users/${id}`), 422, refused);
    expectErrors(await app.asAdmin('PUT', `/v1/users/${id}/role`, { role: 'parent' }), 422, refused);
    expect(await read(id)).toEqual(before);
    expect(await app.isSignedIn(token)).toBe(true);

    // One who is cancelled may go, and one who is not the last.
    expectStatus(await app.asAdmin('DELETE', `/v1/users/${inactive.id}`), 204);
    const second = await app.admin();
    expectStatus(
      await app.put(`/v1/users/${second.id}/role`, { token: second.token, body: { role: 'parent' } }),
      200,
    );
    const third = await app.admin();
    expectStatus(await app.delete(`/v1/users/${third.id}`, { token: third.token }), 204);
  });
});

describe('deleting', () => {
  it('a deletion removes the account and its rows, and frees its address', async () => {
    const person = await app.parent();
    await app.signIn(person);
    const answer = await app.asAdmin('DELETE', `/v1/users/${person.id}`);
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 204, text: '' });
    expect(await app.sql('SELECT id FROM users WHERE id = ?', [person.id])).toEqual([]);
    expect(await app.sql('SELECT id FROM sessions WHERE user_id = ?', [person.id])).toEqual([]);
    expectErrors(await app.get('/v1/users/me', { token: person.token }), 401, NOT_AUTHORIZED);
    expectErrors(await app.post('/v1/sessions', { body: person }), 401, 'Invalid email or password');
    expectErrors(await app.asAdmin('DELETE', `/v1/users/${person.id}`), 404, 'User not found');
    expectErrors(await app.asAdmin('GET', `/v1/users/${person.id}`), 404, 'User not found');
    const again = expectStatus(await app.signUp({ user: { email: person.email } }), 201);
    expect(again.body.id).toBeGreaterThan(person.id);
  });

  it('an id is never used again, not even of the newest account', async () => {
    for (let round = 0; round < 3; round += 1) {
      const people = [await app.parent(), await app.parent()];
      for (const { id } of people.toReversed())
        expectStatus(await app.asAdmin('DELETE', `/v1/users/${id}`), 204);
      const { id } = await app.parent();
      expect(id).toBeGreaterThan(Math.max(...people.map((person) => person.id)));
    }
  });
});

describe('clinical approval', () => {
  it('a clinical approval needs a confirmed, active user who declares to be clinical', async () => {
    const refused = { base: [expect.any(String)] };
    const unconfirmed = await app.parent({ clinical: true });
    expectErrors(await approve(unconfirmed.id), 422, refused);

    const undeclared = await app.parent();
    await app.confirm(undeclared.id);
    expectErrors(await approve(undeclared.id), 422, refused);

    const cancelled = await app.parent({ clinical: true });
    await app.confirm(cancelled.id);
    await app.cancel(cancelled);
    expectErrors(await approve(cancelled.id), 422, refused);

    const template = await app.parent({ clinical: true, template: true });
    await app.confirm(template.id);
    expectErrors(await approve(template.id), 422, refused);

    for (const { id } of [unconfirmed, undeclared, cancelled, template]) {
      expect((await read(id)).clinical_approved).toBe(false);
    }
  });

  it('a clinical approval is given and withdrawn, and repeating it changes nothing', async () => {
    const person = await app.parent({ clinical: true });
    await app.confirm(person.id);
    app.clock.forward(1000);
    const given = expectStatus(await approve(person.id), 200);
    expect(given.body).toMatchObject({ clinical_approved: true, updated_at: app.clock.now().toISOString() });
    app.clock.forward(1000);
    expect((await approve(person.id)).body).toEqual(given.body);
    const taken = expectStatus(await approve(person.id, false), 200);
    expect(taken.body.clinical_approved).toBe(false);
    app.clock.forward(1000);
    expect((await approve(person.id, false)).body).toEqual(taken.body);
    expect(await app.isSignedIn(person.token)).toBe(true);
  });

  it.each<[unknown, string]>([
    [{}, "can't be blank"],
    [{ approved: null }, "can't be blank"],
    [{ approved: 'true' }, 'is invalid'],
    [{ approved: 1 }, 'is invalid'],
    [{ approved: [] }, 'is invalid'],
  ])('the clinical approval %j is answered 422: %s', async (body, message) => {
    const { id } = await app.parent({ clinical: true });
    expectErrors(await app.asAdmin('PUT', `/v1/users/${id}/clinical_approval`, body), 422, {
      approved: [message],
    });
  });

  it('a clinical approval can be withdrawn from any user', async () => {
    const { id } = await app.parent();
    expectStatus(await approve(id, false), 200);
  });
});

describe('template users', () => {
  it('a template user can be created by anyone outside production', async () => {
    const person = await app.parent({ template: true });
    expect(await read(person.id)).toMatchObject({ template: true, confirmed: false });
  });

  it('a template user cannot become an administrator', async () => {
    const person = await app.parent({ template: true });
    const answer = await app.asAdmin('PUT', `/v1/users/${person.id}/role`, { role: 'admin' });
    expectErrors(answer, 422, { base: [expect.any(String)] });
    expect((await read(person.id)).role).toBe('parent');
  });

  it('an administrator cannot become a template user, nor does an approved clinical user who becomes one keep the approval', async () => {
    const admin = await app.admin();
    expect((await app.asAdmin('PUT', `/v1/users/${admin.id}`, { template: true })).status).toBe(422);
    expect(await read(admin.id)).toMatchObject({ role: 'admin', template: false });
    const clinician = await app.clinician();
    await app.asAdmin('PUT', `/v1/users/${clinician.id}`, { template: true });
    const after = await read(clinician.id);
    expect(after.template && after.clinical_approved).toBe(false);
  });

  it('a user who is a template user no more is not confirmed any more', async () => {
    const person = await app.parent({ template: true });
    await app.confirm(person.id);
    expectStatus(await app.asAdmin('PUT', `/v1/users/${person.id}`, { user: { first_name: 'X' } }), 200);
    expect((await read(person.id)).confirmed).toBe(true);
    const { body } = expectStatus(
      await app.asAdmin('PUT', `/v1/users/${person.id}`, { template: false }),
      200,
    );
    expect(body).toMatchObject({ template: false, confirmed: false, confirmed_at: null });
  });
});

describe('settings that change the rules', () => {
  let strict: TestApp;

  beforeAll(async () => {
    strict = await TestApp.spawn({ TEMPLATE_SIGNUP: 'admin', SMS_ALLOWED_COUNTRIES: 'de, NL' });
  });
  afterAll(() => strict?.stop());

  it('with TEMPLATE_SIGNUP=admin only an administrator creates template users', async () => {
    const refused = { template: ['is not allowed'] };
    expectErrors(await strict.post('/v1/users', templateSignUp()), 422, refused);
    for (const { token } of [await strict.parent(), await strict.clinician()]) {
      expectErrors(await strict.post('/v1/users', { ...templateSignUp(), token }), 422, refused);
    }
    const { token } = await strict.firstAdmin();
    expect(
      expectStatus(await strict.post('/v1/users', { ...templateSignUp(), token }), 201).body.template,
    ).toBe(true);
    expect((await strict.post('/v1/users', { body: { user: someone(), template: false } })).status).toBe(201);
  });

  it('with TEMPLATE_SIGNUP=admin a template sign-up is refused together with everything else', async () => {
    expectErrors(
      await strict.post('/v1/users', { body: { user: { ...someone(), password: 'x7!kq' }, template: true } }),
      422,
      {
        template: ['is not allowed'],
        password: ['is too short (minimum is 8 characters)'],
      },
    );
  });

  it('with SMS_ALLOWED_COUNTRIES other phone numbers are not allowed', async () => {
    const refused = { phone: ['is not allowed'] };
    for (const phone of ['+1-555-123-4567', '+44 20 7946 0958', '+41 44 668 18 00']) {
      expectErrors(await strict.signUp({ user: { phone } }), 422, refused);
    }
    for (const phone of ['+49 30 901820', '+31 20 624 1111']) {
      expect((await strict.signUp({ user: { phone } })).status).toBe(201);
    }
    const person = await strict.parent();
    const body = { user: { phone: '+1-555-123-4567' } };
    expectErrors(await strict.put(`/v1/users/${person.id}`, { token: person.token, body }), 422, refused);
    const admin = await strict.firstAdmin();
    expectErrors(await strict.put(`/v1/users/${person.id}`, { token: admin.token, body }), 422, refused);
    expectErrors(await strict.signUp({ user: { phone: '5' } }), 422, { phone: ['is invalid'] });
  });
});

describe('email_has_account', () => {
  it('email_has_account normalises the address', async () => {
    const person = await app.parent();
    for (const email of [person.email, ` ${person.email.toUpperCase()}\n`]) {
      const answer = expectStatus(await app.post('/v1/users/email_has_account', { body: { email } }), 200);
      expect(answer.body).toEqual({ has_account: true });
    }
    const { body } = await app.post('/v1/users/email_has_account', { body: { email: `x${person.email}` } });
    expect(body).toEqual({ has_account: false });
  });

  it('email_has_account answers 422 for an ill-formed or missing address', async () => {
    for (const email of ['john', 'john@', 'John <john@example.com>', 'm\u0131ke@example.com']) {
      expectErrors(await app.post('/v1/users/email_has_account', { body: { email } }), 422, {
        email: ['is invalid'],
      });
    }
    for (const body of [
      {},
      { email: null },
      { email: '' },
      { email: ' ' },
      { user: { email: 'a@example.com' } },
    ]) {
      expectErrors(await app.post('/v1/users/email_has_account', { body }), 422, {
        email: ["can't be blank"],
      });
    }
  });
});
