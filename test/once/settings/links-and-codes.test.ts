import { describe, expect, it } from 'vitest';
import { expectStatus } from '../../support/expectations.js';
import { recordOutbox } from '../../support/outbox.js';
import { TestApp, untilTestEnds } from '../../support/test-app.js';

describe('PASSWORD_RESET_URL', () => {
  it('PASSWORD_RESET_URL is the address of reset links, with its path, query and fragment', async () => {
    const app = await untilTestEnds(
      TestApp.start({
        PASSWORD_RESET_URL: 'https://app.example.org/a%20b/reset?lang=de&token=old&x=1#/form',
      }),
    );
    const outbox = recordOutbox(app);
    const person = await app.parent();
    const headers = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example' };
    expectStatus(await app.requestReset(person.email, { headers }), 202);
    const link = new URL(outbox.to(person.id).at(-1)!.values['link']!);
    expect(`${link.origin}${link.pathname}${link.hash}`).toBe('https://app.example.org/a%20b/reset#/form');
    expect(link.searchParams.getAll('token')).toEqual([outbox.token(person.id)]);
    expect(Object.fromEntries(link.searchParams)).toMatchObject({ lang: 'de', x: '1' });
  });
});

describe('HOST', () => {
  it('HOST is the host of reset links, but for one that is every address', async () => {
    const app = await untilTestEnds(TestApp.start({ HOST: '0.0.0.0' }));
    const outbox = recordOutbox(app);
    const person = await app.parent();
    expectStatus(await app.requestReset(person.email), 202);
    const link = new URL(outbox.to(person.id).at(-1)!.values['link']!);
    expect(link.href).toBe(
      `http://localhost:${new URL(app.url).port}/reset-password?token=${outbox.token(person.id)}`,
    );
  });
});

describe('TEMPLATE_CODE', () => {
  it('TEMPLATE_CODE is the code of template users', async () => {
    const app = await untilTestEnds(TestApp.start({ TEMPLATE_CODE: '424242' }));
    const { id } = await app.parent({ template: true });
    expectStatus(await app.enterCode(id, '424242'), 200);
  });
});

describe('LIMIT_CODE_ATTEMPTS', () => {
  it('LIMIT_CODE_ATTEMPTS is how many codes are compared with one', async () => {
    const app = await untilTestEnds(TestApp.start({ LIMIT_CODE_ATTEMPTS: '2' }));
    const { id } = await app.parent({ template: true });
    expectStatus(await app.enterCode(id, '111111'), 401);
    expectStatus(await app.enterCode(id, '111111'), 401);
    expectStatus(await app.enterCode(id, '000000'), 401);
  });
});
