import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../support/client.js';
import { expectErrors, expectStatus } from '../../support/expectations.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

let app: InProcessApp;

beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app?.stop());

const read = async (id: number): Promise<Answer['body']> =>
  expectStatus(await app.asAdmin('GET', `/v1/users/${id}`), 200).body;
const update = (id: number, token: string, body: unknown) => app.put(`/v1/users/${id}`, { token, body });

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
      phone: ['must begin with + and the country code'],
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
