import { afterAll, beforeAll, expect, it } from 'vitest';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

let app: InProcessApp;

beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app?.stop());

it('a template user never becomes an administrator, whatever races', async () => {
  const { token } = await app.firstAdmin();
  for (let round = 0; round < 15; round++) {
    const { id } = await app.parent();
    await Promise.all([
      app.put(`/v1/users/${id}`, {
        token,
        body: { template: true, user: { password: `a passphrase of round ${round}` } },
      }),
      app.put(`/v1/users/${id}/role`, { token, body: { role: 'admin' } }),
    ]);
    const { body } = await app.get(`/v1/users/${id}`, { token });
    const { role, template } = body as { role: string; template: boolean };
    expect(role === 'admin' && template).toBe(false);
  }
});

it('a sign-in that meets a cancellation with the right password is 201 or 403, never 401', async () => {
  for (let round = 0; round < 15; round++) {
    const person = await app.parent();
    const [signIn] = await Promise.all([app.trySignIn(person.email, person.password), app.cancel(person)]);
    expect([201, 403]).toContain(signIn.status);
  }
});

it('a request for a reset that meets the deletion of the account is 202', async () => {
  const { token } = await app.firstAdmin();
  for (let round = 0; round < 10; round++) {
    const person = await app.parent();
    const [answer] = await Promise.all([
      app.requestReset(person.email),
      app.delete(`/v1/users/${person.id}`, { token }),
    ]);
    expect(answer.status).toBe(202);
  }
});
