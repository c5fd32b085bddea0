import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseKind } from '../../support/database.js';
import { expectStatus } from '../../support/expectations.js';
import type { Person } from '../../support/people.js';
import {
  type HttpProvider,
  type MailServer,
  startMailServer,
  startWebhookReceiver,
  webhookSettings,
} from '../../support/providers.js';
import { TestApp } from '../../support/test-app.js';
import { waitFor } from '../../support/wait-for.js';

// One run through everything that has a secret, with real channels; then whatever is left of it is searched.

let app: TestApp;
let sms: HttpProvider;
let mail: MailServer;
/** What must be nowhere, by what it is. */
const secrets = new Map<string, string>();
/** What must be nowhere once its owner is deleted. */
const personal = new Map<string, string>();
let deletedId: number;
let remaining: Person;

const keep = (what: string, secret: string): string => {
  secrets.set(`${what} ${secrets.size}`, secret);
  return secret;
};

beforeAll(async () => {
  [sms, mail] = await Promise.all([startWebhookReceiver(), startMailServer()]);
  app = await TestApp.spawn({
    LOG_LEVEL: 'trace',
    ...webhookSettings(sms),
    SMTP_URL: mail.url,
    MAIL_FROM: 'no-reply@example.org',
  });
  await liveThroughEverything();
}, 120_000);

afterAll(async () => {
  await app?.stop();
  await Promise.all([sms?.close(), mail?.close()]);
});

async function codeBySms(userId: number, nth: number): Promise<string> {
  const bodies = () =>
    sms
      .accepted()
      .map(({ text }) => JSON.parse(text) as { user_id: number; body: string })
      .filter((message) => message.user_id === userId);
  const message = await waitFor(() => bodies()[nth]);
  return keep('a code', /\b\d{6}\b/.exec(message.body)![0]);
}

async function mailTo(address: string, pattern: RegExp): Promise<string> {
  const found = await waitFor(() =>
    mail.mails
      .filter(({ to }) => to.includes(address))
      .map(({ text }) => pattern.exec(text)?.[0])
      .findLast(Boolean),
  );
  return found;
}

async function liveThroughEverything(): Promise<void> {
  const user = {
    email: 'zacharias.quenneville@example.com',
    password: keep('a password', 'correct horse battery staple'),
    first_name: 'Zacharias',
    last_name: 'Quenneville',
    phone: '+1-555-867-5309',
    date_of_birth: '1987-06-05',
  };
  for (const [name, value] of Object.entries(user)) if (name !== 'password') personal.set(name, value);
  personal.set('phone in E.164', '+15558675309');
  personal.set('new address', 'z.quenneville@example.net');
  const person = await app.parent({ user });
  deletedId = person.id;
  keep('a session', person.token);

  // A code, sent by SMS, entered in every wrong way and in the right one.
  const first = await codeBySms(person.id, 0);
  expectStatus(await app.resendCode(person.token), 200);
  const second = await codeBySms(person.id, 1);
  if (first !== second) expectStatus(await app.enterCode(person.id, first), 401);
  expectStatus(await app.enterCode(person.id, [second]), 422);
  expectStatus(await app.enterCode(person.id, second), 200);

  await resetPassword(person);

  // Requests that fail in as many ways as there are, each with a secret in it.
  const wrong = keep('a wrong password', 'a wrong password of somebody');
  expectStatus(await app.trySignIn(user.email, wrong), 401);
  const rawBody = `{"user": {"password": "${keep('a broken body', 'unfinished business')}`;
  const headers = { 'Content-Type': 'application/json' };
  expectStatus(await app.post('/v1/users', { rawBody, headers }), 400);
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  expectStatus(
    await app.post('/v1/sessions', { rawBody: `password=${keep('a form', 'formally')}`, headers: form }),
    415,
  );
  const query = keep('a token in a query', 'gu_queryqueryqueryqueryqueryqueryqueryqueryquer');
  expectStatus(await app.get(`/v1/users/me?token=${query}`), 401);
  expectStatus(await app.get(`/no/such/route?token=${query}`), 404);
  expectStatus(await app.get('/v1/users/me', { token: query }), 401);

  // A new address; then the account goes.
  const session = keep(
    'a session',
    await app.signIn({ email: user.email, password: 'another long passphrase' }),
  );
  const change = { user: { email: 'z.quenneville@example.net' } };
  expectStatus(await app.put(`/v1/users/${person.id}`, { token: session, body: change }), 200);
  await mailTo(user.email, /address/);
  const { token } = await app.firstAdmin();
  keep('the session of the administrator', token);
  expectStatus(await app.delete(`/v1/users/${person.id}`, { token }), 204);

  // One who stays, with a code and a reset that are still pending.
  const other = await app.parent({ user: { phone: '+1-555-867-5310' } });
  remaining = other;
  keep('a session', other.token);
  keep('a password', other.password);
  await codeBySms(other.id, 0);
  expectStatus(await app.requestReset(other.email), 202);
  keep('a pending reset', new URL(await mailTo(other.email, /http\S+token=\S+/)).searchParams.get('token')!);
  // Delivered messages are noted a moment after the provider has them.
  await waitFor(async () =>
    (await app.sql("SELECT id FROM messages WHERE status = 'queued'")).length === 0 ? true : null,
  );
}

async function resetPassword(person: Person): Promise<void> {
  expectStatus(await app.requestReset(person.email), 202);
  const link = await mailTo(person.email, /http\S+token=\S+/);
  const token = keep('a reset', new URL(link).searchParams.get('token')!);
  expectStatus(await app.get(`/v1/users/passwords/validate?token=${token}`), 200);
  expectStatus(await app.post('/v1/users/passwords/validate', { body: { token } }), 200);
  expectStatus(await app.get(`/reset-password?token=${token}`), 200);
  const short = keep('a password', 'shorter');
  expectStatus(await app.post('/v1/users/passwords/reset', { body: { token, password: short } }), 422);
  const password = keep('a password', 'another long passphrase');
  expectStatus(await app.post('/v1/users/passwords/reset', { body: { token, password } }), 200);
  expectStatus(await app.get(`/reset-password?token=${token}`), 410);
}

/** Every row of every table, as text. */
async function dump(): Promise<string> {
  const tables =
    databaseKind === 'sqlite'
      ? await app.sql("SELECT name FROM sqlite_master WHERE type = 'table'")
      : await app.sql('SHOW TABLES');
  const names = tables.map((row) => String(Object.values(row)[0]));
  expect(names).toEqual(expect.arrayContaining(['users', 'confirmation_codes', 'password_resets', 'quotas']));
  const rows = await Promise.all(names.map((name) => app.sql(`SELECT * FROM \`${name}\``)));
  return rows
    .flat()
    .flatMap((row) => Object.values(row))
    .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value)))
    .join('\n');
}

/** A code is a number like others: only by itself it is one. */
const holds = (text: string, secret: string): boolean =>
  /^\d{6}$/.test(secret) ? new RegExp(`(?<![\\w.])${secret}(?!\\w)`).test(text) : text.includes(secret);

const found = (text: string, what: Map<string, string>): string[] =>
  [...what].filter(([, value]) => holds(text, value)).map(([name]) => name);

describe('after a life with everything in it', () => {
  it('the database holds no code, token or password', async () => {
    expect(secrets.size).toBeGreaterThan(12);
    expect(found(await dump(), secrets)).toEqual([]);
  });

  it('the database holds nothing of the person who was deleted', async () => {
    const text = await dump();
    expect(text).toContain(remaining.email);
    expect(found(text, personal)).toEqual([]);
    for (const table of ['messages', 'sessions', 'confirmation_codes', 'password_resets']) {
      expect(await app.sql(`SELECT * FROM ${table} WHERE user_id = ?`, [deletedId])).toEqual([]);
    }
  });

  it('the log holds no secret and nothing of the person who was deleted', () => {
    const logs = app.logs();
    expect(logs).toContain('/v1/users/passwords/validate');
    expect(found(logs, secrets)).toEqual([]);
    expect(found(logs, personal)).toEqual([]);
    expect(logs).not.toContain('token=');
  });
});
