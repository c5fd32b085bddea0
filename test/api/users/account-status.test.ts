import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../support/client.js';
import { expectErrors, expectStatus, NOT_AUTHORIZED } from '../../support/expectations.js';
import type { Person } from '../../support/people.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

let app: InProcessApp;

beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app?.stop());

const read = async (id: number): Promise<Answer['body']> =>
  expectStatus(await app.asAdmin('GET', `/v1/users/${id}`), 200).body;

const approve = (id: number, approved: unknown = true) =>
  app.asAdmin('PUT', `/v1/users/${id}/clinical_approval`, { approved });

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
