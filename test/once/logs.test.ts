import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../support/client.js';
import { FIRST_ADMIN, type Person } from '../support/people.js';
import {
  type HttpProvider,
  type MailServer,
  startMailServer,
  startWebhookReceiver,
  webhookSecret,
} from '../support/providers.js';
import { TestApp } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

// One run through everything that goes right and wrong, in production and with the most talkative log there is. Every
// value that must not be in it is unlike anything that a program would write.

const mark = (): string => randomBytes(6).toString('hex');

const PERSON = {
  email: `mail.${mark()}@${mark()}.example`,
  password: `pass ${mark()} word`,
  first_name: `Fore${mark()}`,
  last_name: `Sur${mark()}`,
  phone: '+1-555-739-1846',
  date_of_birth: '1947-11-23',
};
const OTHER = { ...PERSON, email: `other.${mark()}@example.com`, phone: '+1 (555) 739-1857' };
const NEW_EMAIL = `new.${mark()}@example.com`;
const NEW_PASSWORD = `next ${mark()} word`;
const SEARCH = `search${mark()}`;
const QUERY_TOKEN = `token-in-query-${mark()}`;
const APP_SECRET = `application secret ${mark()}`;

/** In whatever form they might be written. */
const FORBIDDEN: Record<string, string[]> = {
  'an e-mail address': [PERSON.email, OTHER.email, NEW_EMAIL, FIRST_ADMIN.email].flatMap((email) => [
    email,
    email.split('@')[0]!,
    encodeURIComponent(email),
  ]),
  'a password': [PERSON.password, NEW_PASSWORD, FIRST_ADMIN.password].flatMap((text) => [
    text,
    encodeURIComponent(text),
  ]),
  'a name': [PERSON.first_name, PERSON.last_name],
  'a phone number': ['7391846', '7391857', '739-1846', '739-1857'],
  'a date of birth': [PERSON.date_of_birth],
  'a query': [SEARCH, QUERY_TOKEN],
  'a setting': [APP_SECRET, webhookSecret],
  'a digest': ['$2b$'],
};

const tokens: string[] = [];
const codes: string[] = [];

let sms: HttpProvider;
let mail: MailServer;
let app: TestApp;
let output: string;

beforeAll(async () => {
  [sms, mail] = await Promise.all([startWebhookReceiver(), startMailServer()]);
  app = await TestApp.spawn({
    NODE_ENV: 'production',
    LOG_LEVEL: 'trace',
    APP_SECRET,
    SMS_PROVIDER: 'webhook',
    SMS_WEBHOOK_URL: `${sms.url}/sms?key=${QUERY_TOKEN}`,
    SMS_WEBHOOK_SECRET: webhookSecret,
    SMTP_URL: mail.url,
    MAIL_FROM: 'no-reply@example.org',
    PASSWORD_RESET_URL: 'https://app.example.org/reset',
    TEMPLATE_SIGNUP: 'open',
  });
  await goThroughEverything();
  await app.stop();
  output = app.logs();
}, 120_000);
afterAll(async () => {
  await sms?.close();
  await mail?.close();
});

async function goThroughEverything(): Promise<void> {
  const keep = (answer: Answer): Answer => {
    const token =
      answer.headers.get('x-user-token') ?? (answer.body as { token?: string } | undefined)?.token;
    if (token) tokens.push(token);
    return answer;
  };
  // All that is right.
  const signedUp = keep(await app.post('/v1/users', { body: { user: PERSON, clinical: true } }));
  expect(signedUp.status).toBe(201);
  const { id } = signedUp.body as Person;
  const token = tokens[0]!;
  const accepted = await waitFor(() => sms.accepted()[0]);
  codes.push(/\b\d{6}\b/.exec((JSON.parse(accepted.text) as { body: string }).body)![0]);
  keep(await app.post('/v1/users', { body: { user: OTHER, template: true } }));
  const admin = await app.firstAdmin();
  tokens.push(admin.token);
  await app.get(`/v1/users?search=${SEARCH}&page=1`, { token: admin.token });
  await app.get(`/v1/users?search=${encodeURIComponent(PERSON.email)}`, { token: admin.token });
  await app.get(`/v1/users?search=${encodeURIComponent(PERSON.last_name)}`, { token: admin.token });
  await app.get(`/v1/users/${id}?token=${QUERY_TOKEN}`, {
    token: admin.token,
    headers: { 'X-Access-Reason': `asked for ${PERSON.last_name}` },
  });
  await app.post('/v1/users/confirmation', { body: { user_id: id, confirmation_code: codes[0] } });
  await app.post('/v1/users/email_has_account', { body: { email: PERSON.email } });

  // What is answered 4xx.
  await app.post('/v1/sessions', { body: { email: PERSON.email, password: NEW_PASSWORD } });
  await app.post('/v1/sessions', { body: { email: NEW_EMAIL, password: NEW_PASSWORD } });
  await app.post('/v1/users', { body: { user: { ...PERSON, password: 'x', date_of_birth: '2999-01-01' } } });
  await app.post('/v1/users/confirmation', { body: { user_id: id, confirmation_code: '000001' } });
  await app.get(`/v1/users/passwords/validate?token=${QUERY_TOKEN}`);
  await app.post('/v1/users/passwords/reset', { body: { token: QUERY_TOKEN, password: NEW_PASSWORD } });
  await app.get('/v1/users/me', { headers: { Authorization: `Bearer ${token}x` } });
  await app.get(`/v1/users/me?token=${QUERY_TOKEN}&email=${PERSON.email}`);
  await app.get(`/v1/${PERSON.email}/${QUERY_TOKEN}?q=${SEARCH}`, { token });
  await app.get(`/v1/users/${encodeURIComponent(PERSON.email)}`, { token });
  await app.get(`/v1/sessions/%zz${QUERY_TOKEN}`, { token });

  // What can't be read. Parsers like to repeat what they stumble over.
  const headers = { 'Content-Type': 'application/json' };
  const text = JSON.stringify({ user: PERSON });
  await app.post('/v1/users', { rawBody: text.slice(0, -3), headers });
  await app.post('/v1/users', { rawBody: PERSON.password, headers });
  await app.post('/v1/users', { rawBody: `${text}${text}`, headers });
  await app.post('/v1/users', {
    rawBody: `{"${PERSON.email}": {"__proto__": "${PERSON.password}"}}`,
    headers,
  });
  await app.post('/v1/users', { rawBody: text, headers: { 'Content-Type': `text/${QUERY_TOKEN}` } });
  await app.post('/v1/users', { rawBody: text.repeat(100), headers });
  await app.raw(`GET /v1/users?token=${QUERY_TOKEN} HTTP/9.9\r\nX-User-Token: ${token}\r\n\r\n`);
  await app.raw(`POST /v1/users HTTP/1.1\r\nHost: x\r\nContent-Length: nonsense ${PERSON.email}\r\n\r\n`);

  // Races that end at a unique index of the database.
  const racing = await Promise.all(
    Array.from({ length: 8 }, () =>
      app.post('/v1/users', { body: { user: { ...PERSON, email: NEW_EMAIL } } }),
    ),
  );
  racing.forEach(keep);

  // What fails at the database, with the statement and its parameters in the error.
  for (const [table, column] of [
    ['users', 'last_name_key'],
    ['sessions', 'user_agent'],
    ['sessions', 'token_digest'],
  ] as const) {
    await app.sql(`ALTER TABLE ${table} RENAME COLUMN ${column} TO is_gone`);
    const failed = await app.post('/v1/users', { body: { user: { ...PERSON, email: `x${PERSON.email}` } } });
    expect({ column, ...(failed.body as object) }).toEqual({ column, errors: 'Internal server error' });
    await app.post('/v1/sessions', { body: { email: PERSON.email, password: PERSON.password } });
    await app.get(`/v1/users?search=${PERSON.last_name}`, { token: admin.token });
    await app.put(`/v1/users/${id}`, { token, body: { user: { last_name: `${PERSON.last_name}x` } } });
    await app.sql(`ALTER TABLE ${table} RENAME COLUMN is_gone TO ${column}`);
  }

  // What fails at the providers, who are told numbers and codes.
  sms.react = () => 500;
  mail.reactToRecipient = () => 550;
  mail.reactToData = () => 451;
  keep(await app.put(`/v1/users/${id}`, { token, body: { user: { phone: OTHER.phone } } }));
  await app.post('/v1/users/resend_confirmation', { token });
  keep(await app.put(`/v1/users/${id}`, { token, body: { user: { phone: null, email: `y${NEW_EMAIL}` } } }));
  await app.put(`/v1/users/${id}`, { token, body: { user: { password: NEW_PASSWORD } } });
  await app.post('/v1/users/passwords', { body: { email: FIRST_ADMIN.email } });
  await waitFor(() => sms.requests.some(({ reaction }) => reaction === 500), { timeout: 20_000 });
  await waitFor(() => /"level":"(warn|error)"[^\n]*(elivery|essag)/.test(app.logs()), { timeout: 20_000 });
  for (const { text: sent } of sms.requests) {
    codes.push(...((JSON.parse(sent) as { body: string }).body.match(/\b\d{6}\b/g) ?? []));
  }
  await app.delete(`/v1/users/${id}`, { token: admin.token });
}

describe('the log', () => {
  it('the log has a line for every request and the cause of every 500', () => {
    const lines = output.trim().split('\n');
    expect(lines.length).toBeGreaterThan(60);
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), msg: expect.any(String) });
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries.some(({ route, status }) => route === '/v1/users/:id' && status === 200)).toBe(true);
    const errors = entries.filter(({ level }) => level === 'error');
    expect(errors.length).toBeGreaterThanOrEqual(6);
    // What a 500 has in its place: the cause, to be found by the id that the caller was given.
    const causes = errors.filter(({ requestId }) => requestId !== undefined);
    expect(causes.length).toBeGreaterThanOrEqual(6);
    for (const { err } of causes) {
      expect(err).toMatchObject({ type: expect.any(String), stack: expect.stringMatching(/^\s+at /) });
    }
    expect(
      entries.some(({ requestId, status }) => status === 500 && requestId === causes[0]!['requestId']),
    ).toBe(true);
  });

  it.each(Object.entries(FORBIDDEN))('the log has nowhere %s', (_, values) => {
    const lines = output.toLowerCase().split('\n');
    for (const value of values) {
      expect(lines.filter((line) => line.includes(value.toLowerCase()))).toEqual([]);
    }
  });

  it('the log has no token and no code', () => {
    expect(tokens.length).toBeGreaterThanOrEqual(4);
    for (const token of tokens) {
      expect(output).not.toContain(token);
      expect(output).not.toContain(token.slice(3, 20));
    }
    expect(output).not.toMatch(/gu_[A-Za-z0-9_-]{20}/);
    expect(codes.length).toBeGreaterThanOrEqual(2);
    for (const code of codes) expect(output).not.toMatch(new RegExp(`(?<![\\d.])${code}(?!\\d)`));
  });

  it('the log has no SQL', () => {
    expect(output).not.toMatch(/\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b/);
  });
});
