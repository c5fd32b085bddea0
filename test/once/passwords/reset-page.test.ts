import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../support/client.js';
import { expectErrors, expectStatus } from '../../support/expectations.js';
import { type RecordedOutbox, recordOutbox } from '../../support/outbox.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

const PATH = '/reset-password';
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

let app: InProcessApp;
let outbox: RecordedOutbox;

beforeAll(async () => {
  app = await TestApp.start();
  outbox = recordOutbox(app);
});
afterAll(() => app?.stop());

const open = (token: string, language?: string): Promise<Answer> =>
  app.get(`${PATH}?${new URLSearchParams({ token }).toString()}`, {
    headers: language === undefined ? {} : { 'Accept-Language': language },
  });

const submit = (fields: Record<string, string> | [string, string][], headers = {}): Promise<Answer> =>
  app.post(PATH, { rawBody: new URLSearchParams(fields).toString(), headers: { ...FORM, ...headers } });

function expectPage(answer: Answer, status: number, heading: string): void {
  expect({ status: answer.status, heading: /<h1>(.*?)<\/h1>/.exec(answer.text)?.[1] }).toEqual({
    status,
    heading,
  });
  const headers = Object.fromEntries(answer.headers);
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': expect.stringMatching(/^deny$/i),
  });
  expect(headers['content-security-policy']).toMatch(
    /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]+=*'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
  );
  expect(answer.text).not.toMatch(/<script|\son\w+=|javascript:|<a\s|<img|<link|style="/i);
}

describe('the page of a reset', () => {
  it('the reset page asks for the password while the link is valid', async () => {
    const token = await outbox.resetToken(await app.parent());
    for (let time = 0; time < 2; time += 1) {
      const answer = await open(token);
      expectPage(answer, 200, 'Choose a new password');
      // Once: as the value that the form sends.
      expect(answer.text.split(token)).toHaveLength(2);
      expect(answer.text).toContain(`<input type="hidden" name="token" value="${token}">`);
    }
  });

  it.each(['wrong', 'A'.repeat(43), '"><script>alert(1)</script>'])(
    'the reset page says that a link is of no use: %j',
    async (token) => {
      const answer = await open(token);
      expectPage(answer, 410, 'This link does not work any more');
      expect(answer.text).not.toContain(token);
    },
  );

  it('the reset page takes a malformed query for an invalid link', async () => {
    for (const query of ['', '?token=', '?token=a&token=b', '?token[]=a', '?token=%00']) {
      expectPage(await app.get(`${PATH}${query}`), 410, 'This link does not work any more');
    }
  });

  it.each([
    ['de', 'de', 'Wählen Sie ein neues Passwort'],
    ['fr-CA,en;q=0.5', 'fr', 'Choisissez un nouveau mot de passe'],
    ['nl, es;q=0.8, en;q=0.7', 'es', 'Elija una contraseña nueva'],
    ['en;q=0.2, PT-br;q=0.9', 'pt', 'Escolha uma nova palavra-passe'],
    ['de;q=0, *', 'en', 'Choose a new password'],
    ['xx;;;q=,', 'en', 'Choose a new password'],
  ])('the reset page speaks the language of %j', async (wish, language, heading) => {
    const answer = await open(await outbox.resetToken(await app.parent()), wish);
    expectPage(answer, 200, heading);
    expect(answer.headers.get('content-language')).toBe(language);
    expect(answer.text).toContain(`<html lang="${language}">`);
  });

  it('the reset page says in that language, too, what is wrong', async () => {
    const token = await outbox.resetToken(await app.parent());
    const answer = await submit(
      { token, password: 'short', password_confirmation: 'other' },
      { 'Accept-Language': 'de' },
    );
    expectPage(answer, 422, 'Wählen Sie ein neues Passwort');
    expect(answer.text).toContain('Zu kurz: Es müssen mindestens 8 Zeichen sein.');
    expect(answer.text).toContain('Die beiden Passwörter sind nicht gleich.');
    expect(answer.text).not.toContain('value="short"');
  });

  it.each(['en', 'es', 'fr', 'de', 'pt'])(
    'the reset page has words of its own for every message: %s',
    async (language) => {
      const token = await outbox.resetToken(await app.parent());
      const seen = new Set<string>();
      for (const password of ['', 'short', 'ä'.repeat(37), 'password123', 'nul \0 password']) {
        const { text } = await submit(
          { token, password, password_confirmation: 'x' },
          { 'Accept-Language': language },
        );
        for (const [, problem] of text.matchAll(/class="problem"[^>]*>(.*?)<\/p>/g)) seen.add(problem!);
      }
      expect(seen.size).toBeGreaterThan(4);
      for (const problem of seen) expect(problem).not.toMatch(/^(is |can't|doesn't|must)/);
    },
  );

  it('the reset page saves the password, and keeps the token where the password is not good enough', async () => {
    const person = await app.parent();
    const token = await outbox.resetToken(person);
    const password = 'pass & phrase + 100 % ü';
    expectPage(await submit({ token, password, password_confirmation: '' }), 422, 'Choose a new password');
    expectPage(
      await submit({ token, password, password_confirmation: password }),
      200,
      'Your new password is saved',
    );
    await app.signIn({ ...person, password });
    expectPage(
      await submit({ token, password, password_confirmation: password }),
      410,
      'This link does not work any more',
    );
  });

  it('the reset page refuses what no form of its own sends', async () => {
    const token = await outbox.resetToken(await app.parent());
    const password = 'an excellent passphrase';
    const twice: [string, string][] = [
      ['token', token],
      ['token', token],
      ['password', password],
      ['password_confirmation', password],
    ];
    expectPage(await submit(twice), 410, 'This link does not work any more');
    expectPage(await submit({}), 410, 'This link does not work any more');
    expectPage(
      await submit({ token, 'password[]': password, password_confirmation: password }),
      422,
      'Choose a new password',
    );
    expectPage(
      await submit([
        ['token', token],
        ['password', password],
        ['password', password],
        ['__proto__', 'x'],
        ['constructor', 'x'],
      ]),
      422,
      'Choose a new password',
    );
  });

  it('the reset page answers errors with a page', async () => {
    const answer = await app.get(PATH, { headers: { 'Accept-Language': 'fr' } });
    expectPage(answer, 410, 'Ce lien ne fonctionne plus');
    expectStatus(await app.post(PATH, { rawBody: 'x'.repeat(20_000), headers: FORM }), 413);
  });

  it('the reset page is the only route that reads a form', async () => {
    const rawBody = 'email=a%40example.com&password=x';
    for (const path of ['/v1/sessions', '/v1/users', '/v1/users/passwords', '/v1/users/passwords/reset']) {
      expectErrors(
        await app.post(path, { rawBody, headers: FORM }),
        415,
        'Content-Type must be application/json',
      );
      const large = {
        rawBody: 'x'.repeat(20_000),
        headers: { 'Content-Type': `${FORM['Content-Type']}; charset=UTF-8` },
      };
      expectStatus(await app.post(path, large), 415);
    }
    expectStatus(await app.post('/no/such/route', { rawBody, headers: FORM }), 404);
    expectStatus(await app.put(PATH, { rawBody, headers: FORM }), 404);
    expectStatus(await app.post(PATH, { rawBody: '<x/>', headers: { 'Content-Type': 'text/xml' } }), 415);
  });
});
