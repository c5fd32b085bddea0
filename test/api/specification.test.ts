import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../support/client.js';
import { TestApp } from '../support/test-app.js';

// The examples of the specification, word for word, against the application as it is deployed.

const USER_FIELDS = [
  'id',
  'email',
  'first_name',
  'last_name',
  'phone',
  'date_of_birth',
  'language',
  'role',
  'active',
  'clinical',
  'confirmed',
  'created_at',
  'updated_at',
];
const ADMIN_FIELDS = [
  ...USER_FIELDS,
  'template',
  'native_signup',
  'clinical_approved',
  'confirmed_at',
  'cancelled_at',
  'last_sign_in_at',
];

const SIGN_UP = `{
  "user": {
    "email": "john.doe@example.com",
    "password": "securepassword123",
    "first_name": "John",
    "last_name": "Doe",
    "phone": "+1-555-123-4567",
    "date_of_birth": "1990-05-15",
    "language": "en"
  },
  "clinical": true,
  "native_signup": false
}`;

const JSON_TYPE = { 'Content-Type': 'application/json' };
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let app: TestApp;
let created: Answer;
let john: { id: number; token: string };

beforeAll(async () => {
  app = await TestApp.spawn();
  created = await app.post('/v1/users', { rawBody: SIGN_UP, headers: JSON_TYPE });
  john = { id: created.body.id, token: created.headers.get('x-user-token')! };
});
afterAll(() => app?.stop());

describe('create user', () => {
  it('the example of a sign-up is answered as in the specification, in its order', () => {
    expect(created.status).toBe(201);
    expect(Object.keys(created.body)).toEqual(USER_FIELDS);
    expect(created.body).toEqual({
      id: expect.any(Number),
      email: 'john.doe@example.com',
      first_name: 'John',
      last_name: 'Doe',
      phone: '+1-555-123-4567',
      date_of_birth: '1990-05-15',
      language: 'en',
      role: 'parent',
      active: true,
      clinical: true,
      confirmed: false,
      created_at: expect.stringMatching(MOMENT),
      updated_at: created.body.created_at,
    });
  });

  it('the token of a sign-up works at once', async () => {
    expect(john.token).toMatch(/^gu_[A-Za-z0-9_-]{43}$/);
    const answer = await app.get(`/v1/users/${john.id}`, { token: john.token });
    expect(answer.status).toBe(200);
    expect(answer.body.id).toBe(john.id);
  });

  it('the error example of a sign-up names a taken address, a short password and a blank name', async () => {
    const user = { email: 'john.doe@example.com', password: 'x7!kq', first_name: '', last_name: 'Doe' };
    const answer = await app.post('/v1/users', { body: { user } });
    expect(answer.status).toBe(422);
    expect(answer.body).toEqual({
      errors: {
        email: ['has already been taken'],
        password: ['is too short (minimum is 8 characters)'],
        first_name: ["can't be blank"],
      },
    });
  });
});

describe('list users', () => {
  it('the example of a list is answered, a Content-Type without a body included', async () => {
    const answer = await app.get('/v1/users?page=1&page_size=25', { headers: JSON_TYPE, token: john.token });
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body)).toEqual(['users', 'meta']);
    expect(answer.body.users.map(({ id }: { id: number }) => id)).toEqual([john.id]);
    expect(Object.keys(answer.body.users[0])).toEqual(USER_FIELDS);
    expect(JSON.stringify(answer.body.meta)).toBe(
      '{"page":1,"page_size":25,"total_count":1,"total_pages":1}',
    );
  });

  it('a list has pages of 50 unless told otherwise', async () => {
    const { body } = await app.get('/v1/users', { token: john.token });
    expect(body.meta).toEqual({ page: 1, page_size: 50, total_count: 1, total_pages: 1 });
  });

  it('a list without a token is answered 401', async () => {
    expect((await app.get('/v1/users?page=1&page_size=25', { headers: JSON_TYPE })).status).toBe(401);
  });
});

describe('update user', () => {
  it('the example of an update changes only what is sent', async () => {
    const before = await app.get(`/v1/users/${john.id}`, { token: john.token });
    const answer = await app.put(`/v1/users/${john.id}`, {
      rawBody: '{ "user": { "first_name": "Jonathan", "phone": "+1-555-987-6543" } }',
      headers: JSON_TYPE,
      token: john.token,
    });
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body)).toEqual(USER_FIELDS);
    expect(answer.body).toEqual({
      ...before.body,
      first_name: 'Jonathan',
      phone: '+1-555-987-6543',
      updated_at: expect.stringMatching(MOMENT),
    });
    expect(answer.body.updated_at > before.body.updated_at).toBe(true);
  });
});

describe('check email account', () => {
  it.each([
    ['john.doe@example.com', true],
    ['nobody@example.com', false],
  ])('email_has_account for %s answers %s', async (email, hasAccount) => {
    const answer = await app.post('/v1/users/email_has_account', { body: { email } });
    expect(answer.status).toBe(200);
    expect(answer.text).toBe(JSON.stringify({ has_account: hasAccount }));
  });
});

describe('cancel and delete', () => {
  it('a cancellation deactivates an account and preserves its data, and an administrator deletes it for good', async () => {
    const admin = await app.firstAdmin();
    const person = await app.parent({ user: { phone: '+1-555-123-4567', date_of_birth: '1990-05-15' } });
    const before = await app.get(`/v1/users/${person.id}`, { token: admin.token });

    const cancelled = await app.post(`/v1/users/${person.id}/cancel`, { token: person.token });
    expect(cancelled.status).toBe(200);
    expect(Object.keys(cancelled.body)).toEqual(USER_FIELDS);
    expect(cancelled.body.active).toBe(false);
    const kept = await app.get(`/v1/users/${person.id}`, { token: admin.token });
    expect(Object.keys(kept.body)).toEqual(ADMIN_FIELDS);
    expect(kept.body).toEqual({
      ...before.body,
      active: false,
      updated_at: cancelled.body.updated_at,
      cancelled_at: expect.stringMatching(MOMENT),
    });

    expect((await app.delete(`/v1/users/${person.id}`, { token: john.token })).status).toBe(403);
    const deleted = await app.delete(`/v1/users/${person.id}`, { token: admin.token, headers: JSON_TYPE });
    expect(deleted.status).toBe(204);
    expect(deleted.text).toBe('');
    const gone = await app.get(`/v1/users/${person.id}`, { token: admin.token });
    expect(gone.status).toBe(404);
    expect(gone.body).toEqual({ errors: 'User not found' });
  });
});
