import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectErrors } from '../../support/expectations.js';
import { type Person, someone } from '../../support/people.js';
import { FROZEN_MS, type Pulse, watchPulse } from '../../support/pulse.js';
import { TestApp } from '../../support/test-app.js';
const JSON_TYPE = { 'Content-Type': 'application/json' };

let app: TestApp;
let person: Person;
let admin: Person;
let pulse: Pulse;

beforeAll(async () => {
  app = await TestApp.spawn();
  person = await app.parent();
  admin = await app.firstAdmin();
  pulse = watchPulse(app);
});
afterAll(async () => {
  await pulse?.stop();
  await app?.stop();
});

const send = (rawBody: string | Uint8Array, headers: Record<string, string> = JSON_TYPE) =>
  app.post('/v1/users', { rawBody, headers });

const WRONG_FOR_A_STRING = [[], ['x'], [[]], {}, { a: 1 }, 0, 1, -1.5, 1e300, false, true];
const WRONG_FOR_A_FLAG = ['true', 'false', '', '1', 0, 1, [], [true], {}];

describe('values of the wrong type', () => {
  it.each(['email', 'password', 'first_name', 'last_name', 'phone', 'date_of_birth', 'language'])(
    'user.%s of the wrong type is invalid at sign-up',
    async (field) => {
      for (const value of WRONG_FOR_A_STRING) {
        const answer = await app.signUp({ user: { [field]: value } });
        expectErrors(answer, 422, { [field]: ['is invalid'] });
      }
    },
  );

  it.each([
    'email',
    'password',
    'first_name',
    'last_name',
    'phone',
    'date_of_birth',
    'language',
    'current_password',
  ])('user.%s of the wrong type is invalid in an update', async (field) => {
    for (const value of WRONG_FOR_A_STRING) {
      const body = { user: { [field]: value } };
      const answer = await app.put(`/v1/users/${person.id}`, { body, token: person.token });
      expectErrors(answer, 422, { [field]: ['is invalid'] });
    }
  });

  it.each(['clinical', 'template', 'native_signup'])(
    'the flag %s of the wrong type is invalid at sign-up',
    async (flag) => {
      for (const value of WRONG_FOR_A_FLAG) {
        expectErrors(await app.signUp({ [flag]: value }), 422, { [flag]: ['is invalid'] });
      }
      expect((await app.signUp({ [flag]: null })).status).toBe(201);
    },
  );

  it('the flag clinical of the wrong type is invalid in an update', async () => {
    for (const clinical of WRONG_FOR_A_FLAG) {
      const answer = await app.put(`/v1/users/${person.id}`, { body: { clinical }, token: person.token });
      expectErrors(answer, 422, { clinical: ['is invalid'] });
    }
    const { body } = await app.put(`/v1/users/${person.id}`, {
      body: { clinical: null },
      token: person.token,
    });
    expect(body.clinical).toBe(false);
  });

  it.each(['email', 'password'])('the %s of the wrong type is invalid at sign-in', async (field) => {
    for (const value of WRONG_FOR_A_STRING) {
      const body = { email: person.email, password: person.password, [field]: value };
      expectErrors(await app.post('/v1/sessions', { body }), 422, { [field]: ['is invalid'] });
    }
  });

  it('the email of the wrong type is invalid for email_has_account', async () => {
    for (const email of WRONG_FOR_A_STRING) {
      expectErrors(await app.post('/v1/users/email_has_account', { body: { email } }), 422, {
        email: ['is invalid'],
      });
    }
    expectErrors(await app.post('/v1/users/email_has_account'), 422, { email: ["can't be blank"] });
  });

  it('a role and an approval of the wrong type are invalid', async () => {
    for (const role of WRONG_FOR_A_STRING) {
      const answer = await app.put(`/v1/users/${person.id}/role`, { body: { role }, token: admin.token });
      expectErrors(answer, 422, { role: ['is invalid'] });
    }
    for (const approved of ['true', 'yes', 0, 1, [], {}]) {
      const answer = await app.put(`/v1/users/${person.id}/clinical_approval`, {
        body: { approved },
        token: admin.token,
      });
      expectErrors(answer, 422, { approved: ['is invalid'] });
    }
  });

  it('all failing fields and all their messages come in one answer, a taken address among them', async () => {
    const user = {
      email: ` ${person.email.toUpperCase()} `,
      password: 'x7!kq',
      first_name: ['x'],
      phone: 'call me',
      date_of_birth: '2023-02-30',
      language: '?',
    };
    expectErrors(await app.post('/v1/users', { body: { user, clinical: 'yes' } }), 422, {
      email: ['has already been taken'],
      password: ['is too short (minimum is 8 characters)'],
      first_name: ['is invalid'],
      last_name: ["can't be blank"],
      phone: ['is invalid'],
      date_of_birth: ['is invalid'],
      language: ['is invalid'],
      clinical: ['is invalid'],
    });
  });
});

describe('names of properties', () => {
  it('camelCase is not taken for snake_case', async () => {
    const { first_name: firstName, ...user } = someone();
    expectErrors(await app.post('/v1/users', { body: { user: { ...user, firstName } } }), 422, {
      first_name: ["can't be blank"],
    });
    const answer = await app.signUp({
      user: { dateOfBirth: 5, Language: 7, phoneE164: 1, _phone: 2 },
      nativeSignup: 'x',
    });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ date_of_birth: null, language: 'en' });
  });

  it('a value is not looked for at the wrong level of the body', async () => {
    const answer = await app.signUp({ user: { clinical: true, template: 'x' }, phone: 5, email: [] });
    expect(answer.status).toBe(201);
    expect(answer.body.clinical).toBe(false);
  });
});

describe('characters that belong nowhere', () => {
  it.each([
    ['a lone high surrogate', '\\ud800'],
    ['a lone low surrogate', 'x\\udc00y'],
    ['NUL', 'a\\u0000b'],
  ])('%s is invalid in every field', async (_, escaped) => {
    for (const field of [
      'email',
      'password',
      'first_name',
      'last_name',
      'phone',
      'date_of_birth',
      'language',
    ]) {
      const text = JSON.stringify({ user: { ...someone(), [field]: '?' } }).replace(
        '"?"',
        `"long enough${escaped}"`,
      );
      expectErrors(await send(text), 422, { [field]: ['is invalid'] });
    }
  });

  it.each(['\\u0001', '\\t', '\\n', '\\r', '\\u001b', '\\u007f', '\\u0085', '\\u009f'])(
    'the control character %s is invalid in a name',
    async (escaped) => {
      for (const field of ['first_name', 'last_name']) {
        const text = JSON.stringify({ user: { ...someone(), [field]: '?' } }).replace(
          '"?"',
          `"a${escaped}b"`,
        );
        expectErrors(await send(text), 422, { [field]: ['is invalid'] });
      }
    },
  );

  it('no account is found by characters that belong nowhere', async () => {
    for (const escaped of ['\\ud800', '\\u0000', '\\u0001', '\\uffff']) {
      const signIn = (email: string, password: string) =>
        app.post('/v1/sessions', {
          rawBody: `{"email":"${email}","password":"${password}"}`,
          headers: JSON_TYPE,
        });
      expectErrors(await signIn(`john${escaped}@example.com`, 'x'), 401, 'Invalid email or password');
      const wrong = await signIn(person.email, `${person.password}${escaped}`);
      expectErrors(wrong, 401, 'Invalid email or password');
      const { status } = await app.post('/v1/users/email_has_account', {
        rawBody: `{"email":"john${escaped}@example.com"}`,
        headers: JSON_TYPE,
      });
      expect(status).toBe(422);
    }
    for (const text of ['%00', '%ff', '%ed%a0%80', '%c0%af', '%', '%zz', '%0a', '%f0%9f%98%80']) {
      const { status } = await app.get(`/v1/users?search=${text}`, { token: admin.token });
      expect([200, 422]).toContain(status);
    }
  });
});

describe('meanwhile', () => {
  it('the server went on answering all the while, and logged no error', async () => {
    expect(await pulse.stop()).toBeLessThan(FROZEN_MS);
    expect(app.logs()).not.toMatch(/"level":"(error|fatal)"/);
  });
});
