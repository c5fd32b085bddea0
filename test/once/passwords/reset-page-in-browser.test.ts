import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { browserAvailable, launchBrowser } from '../../support/browser.js';
import { expectStatus } from '../../support/expectations.js';
import { type RecordedOutbox, recordOutbox } from '../../support/outbox.js';
import type { Person } from '../../support/people.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

const PATH = '/reset-password';

let app: InProcessApp;
let outbox: RecordedOutbox;

beforeAll(async () => {
  app = await TestApp.start();
  outbox = recordOutbox(app);
});
afterAll(() => app?.stop());

const link = (person: Person): string => `${app.url}${PATH}?token=${outbox.token(person.id)}`;

describe.skipIf(!browserAvailable)('in a browser', () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let requested: { url: string; referer: string | undefined }[];
  let complaints: string[];

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    context = await browser.newContext({ locale: 'en-GB', javaScriptEnabled: true });
    page = await context.newPage();
    [requested, complaints] = [[], []];
    page.on('request', (request) => {
      requested.push({ url: request.url(), referer: request.headers()['referer'] });
    });
    // What the policy forbids, the browser says here.
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterEach(() => context?.close());

  const password = () => page.getByLabel('New password', { exact: true });
  const confirmation = () => page.getByLabel('New password again');
  const save = () => page.getByRole('button', { name: 'Save the new password' }).click();

  it('a person chooses a new password in a browser', async () => {
    const person = await app.parent();
    const token = await outbox.resetToken(person);
    await page.goto(link(person));
    expect(await page.title()).toBe('Choose a new password');
    expect(await page.getByLabel('E-mail address').inputValue()).toBe(person.email);
    expect(await page.evaluate('document.activeElement.name')).toBe('password');

    // The first attempt: too short, and not the same twice. Typed, and sent by the Enter key.
    await page.keyboard.type('short');
    await page.keyboard.press('Tab');
    await page.keyboard.type('shorter');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(page.url()).toBe(`${app.url}${PATH}`);
    for (const [field, problem] of [
      [password(), 'Too short: at least 8 characters are needed.'],
      [confirmation(), 'The two passwords are not the same.'],
    ] as const) {
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      const described = (await field.getAttribute('aria-describedby'))!.split(' ');
      const texts = await Promise.all(described.map((id) => page.locator(`#${id}`).textContent()));
      expect(texts.join(' ')).toContain(problem);
      expect(await field.inputValue()).toBe('');
    }
    expect(await page.evaluate('document.activeElement.name')).toBe('password');

    await password().fill('a much better passphrase');
    await confirmation().fill('a much better passphrase');
    await save();
    await page.getByRole('heading', { name: 'Your new password is saved' }).waitFor();
    expect(await page.getByRole('status').textContent()).toContain('You can sign in with it now.');
    await app.signIn({ ...person, password: 'a much better passphrase' });

    // The link's own address is the only place where the token was ever seen.
    expect(requested.filter(({ url }) => url.includes(token))).toHaveLength(1);
    for (const { url, referer } of requested) {
      expect(new URL(url).origin).toBe(app.url);
      expect(referer).toBeUndefined();
    }
    // Outside production, mails without a mail server are shown in the log.
    const logs = app
      .logs()
      .split('\n')
      .filter((line) => !line.includes('DevMailbox'));
    expect(logs.join('\n')).toContain(PATH);
    expect(logs.join('\n')).not.toContain(token);
    expect(complaints.filter((text) => !text.includes('422'))).toEqual([]);
  });

  it('the style of the reset page is in force in a browser', async () => {
    const person = await app.parent();
    await outbox.resetToken(person);
    await page.goto(link(person));
    const width = await page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth");
    expect(width).not.toBe('none');
    expect(complaints).toEqual([]);
  });

  it('the reset page works without scripts, and fits a small screen', async () => {
    const small = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width: 320, height: 480 },
      colorScheme: 'dark',
      locale: 'de-AT',
    });
    try {
      const person = await app.parent();
      await outbox.resetToken(person);
      const tab = await small.newPage();
      await tab.goto(link(person));
      const button = (await tab.getByRole('button', { name: 'Neues Passwort speichern' }).boundingBox())!;
      expect(button.x).toBeGreaterThanOrEqual(0);
      expect(button.x + button.width).toBeLessThanOrEqual(320);
      await tab.getByLabel('Neues Passwort', { exact: true }).fill('ganz ein neues Passwort');
      await tab.getByLabel('Neues Passwort noch einmal').fill('ganz ein neues Passwort');
      await tab.getByRole('button').click();
      await tab.getByRole('heading', { name: 'Ihr neues Passwort ist gespeichert' }).waitFor();
    } finally {
      await small.close();
    }
  });

  it('a link that was used says so in a browser', async () => {
    const person = await app.parent();
    const token = await outbox.resetToken(person);
    const body = { token, password: 'set in another way' };
    expectStatus(await app.post('/v1/users/passwords/reset', { body }), 200);
    await page.goto(link(person));
    await page.getByRole('heading', { name: 'This link does not work any more' }).waitFor();
    expect(await page.getByRole('textbox').count()).toBe(0);
  });
});
