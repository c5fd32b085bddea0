import { afterEach, describe, expect, it } from 'vitest';
import { expectStatus, type InProcessApp, startInProcess } from '../support/accounts.js';
import { recordOutbox } from '../support/outbox.js';

let app: InProcessApp | undefined;

afterEach(async () => {
  await app?.stop();
  app = undefined;
});

describe('PASSWORD_RESET_URL', () => {
  it('is what links lead to, with all that it has', async () => {
    app = await startInProcess({
      PASSWORD_RESET_URL: 'https://app.example.org/a%20b/reset?lang=de&token=old&x=1#/form',
    });
    const outbox = recordOutbox(app);
    const person = await app.parent();
    const body = { email: person.email };
    const headers = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example' };
    expectStatus(await app.post('/v1/users/passwords', { body, headers }), 202);
    const link = new URL(outbox.to(person.id).at(-1)!.values['link']!);
    expect(`${link.origin}${link.pathname}${link.hash}`).toBe('https://app.example.org/a%20b/reset#/form');
    expect(link.searchParams.getAll('token')).toEqual([outbox.token(person.id)]);
    expect(Object.fromEntries(link.searchParams)).toMatchObject({ lang: 'de', x: '1' });
  });
});

describe('HOST', () => {
  it('is the host of links, but for one that is every address', async () => {
    app = await startInProcess({ HOST: '0.0.0.0' });
    const outbox = recordOutbox(app);
    const person = await app.parent();
    expectStatus(await app.post('/v1/users/passwords', { body: { email: person.email } }), 202);
    const link = new URL(outbox.to(person.id).at(-1)!.values['link']!);
    expect(link.href).toBe(
      `http://localhost:${new URL(app.url).port}/reset-password?token=${outbox.token(person.id)}`,
    );
  });
});

describe('TEMPLATE_CODE', () => {
  it('is the code of template users', async () => {
    app = await startInProcess({ TEMPLATE_CODE: '424242' });
    const { id } = await app.parent({ template: true });
    const body = { user_id: id, confirmation_code: '424242' };
    expectStatus(await app.post('/v1/users/confirmation', { body }), 200);
  });
});

describe('LIMIT_CODE_ATTEMPTS', () => {
  it('is how many codes are compared with one', async () => {
    app = await startInProcess({ LIMIT_CODE_ATTEMPTS: '2' });
    const { id } = await app.parent({ template: true });
    const confirm = (code: string) =>
      app!.post('/v1/users/confirmation', { body: { user_id: id, confirmation_code: code } });
    expectStatus(await confirm('111111'), 401);
    expectStatus(await confirm('111111'), 401);
    expectStatus(await confirm('000000'), 401);
  });
});
