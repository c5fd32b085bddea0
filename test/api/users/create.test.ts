import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../support/client.js';
import { expectErrors, expectStatus } from '../../support/expectations.js';
import { someone } from '../../support/people.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

let app: InProcessApp;

beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app?.stop());

const read = async (id: number): Promise<Answer['body']> =>
  expectStatus(await app.asAdmin('GET', `/v1/users/${id}`), 200).body;

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
    expectErrors(await strict.signUp({ user: { phone: '5' } }), 422, {
      phone: ['must begin with + and the country code'],
    });
  });
});
