import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestClock } from '../../support/clock.js';
import { type MessageRow, messageRows, newUser, queueMessage } from '../../support/messages.js';
import { type HttpProvider, startWebhookReceiver, webhookSettings } from '../../support/providers.js';
import { ServerDidNotStart } from '../../support/server.js';
import { type Environment, type InProcessApp, TestApp, untilTestEnds } from '../../support/test-app.js';
import { waitFor } from '../../support/wait-for.js';

let app: InProcessApp;
let userId: number;

async function start(env: Environment, clock = TestClock.running()): Promise<InProcessApp> {
  app = await untilTestEnds(TestApp.start(env, { clock }));
  userId = await newUser(app);
  return app;
}

const rows = () => messageRows(app, userId);

function withStatus(status: string, timeout = 5_000): Promise<MessageRow> {
  return waitFor(async () => (await rows()).find((row) => row.status === status), { timeout });
}

describe('outside production, without real channels', () => {
  it('outside production messages are shown in the log and at /dev/messages, newest first', async () => {
    await start({});
    await queueMessage(app, { userId });
    await withStatus('sent');
    const link = 'https://app.example.org/reset?token=t0k3n&x=1';
    await queueMessage(app, {
      userId,
      kind: 'password_reset',
      channel: 'email',
      destination: 'john.doe@example.com',
      values: { firstName: '<b>John</b>', link },
    });
    await waitFor(async () => (await rows()).every(({ status }) => status === 'sent'));
    await queueMessage(app, { userId, suppressed: true });

    const json = await app.get('/dev/messages', { headers: { accept: 'application/json' } });
    expect(json.status).toBe(200);
    expect(json.headers.get('cache-control')).toBe('no-store');
    const [mail, sms] = json.body.messages;
    expect(json.body.messages).toHaveLength(2);
    expect(sms).toEqual({
      id: (await rows())[0]!.public_id,
      kind: 'confirmation',
      channel: 'sms',
      to: '+15551234567',
      user_id: userId,
      subject: null,
      body: expect.stringContaining('123456') as string,
      created_at: expect.stringMatching(/Z$/) as string,
    });
    expect(mail).toMatchObject({
      kind: 'password_reset',
      to: 'john.doe@example.com',
      subject: 'Reset your password',
    });
    expect(mail.body).toContain(link);

    for (const accept of [
      undefined,
      '*/*',
      'text/html,application/xhtml+xml,*/*;q=0.8',
      'text/html,application/json',
    ]) {
      const page = await app.get('/dev/messages', accept === undefined ? {} : { headers: { accept } });
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(page.text).toContain('123456 is your confirmation code');
      expect(page.text).toContain('<a href="https://app.example.org/reset?token=t0k3n&amp;x=1">');
      expect(page.text).not.toContain('<b>John');
      expect(page.text.indexOf('john.doe@example.com')).toBeLessThan(page.text.indexOf('+15551234567'));
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
    expect(app.logs()).toContain('SMS to +15551234567: 123456 is your confirmation code');
    expect(app.logs()).toContain(link);
  });

  it('/dev/messages keeps the last hundred messages', async () => {
    await start({});
    for (let number = 0; number < 105; number += 1) {
      await queueMessage(app, {
        userId,
        kind: 'password_changed',
        destination: `+1555${1_000_000 + number}`,
      });
    }
    await waitFor(async () => (await rows()).every(({ status }) => status === 'sent'));
    const { body } = await app.get('/dev/messages', { headers: { accept: 'application/json' } });
    expect(body.messages).toHaveLength(100);
    expect(body.messages.map(({ to }: { to: string }) => to)).not.toContain('+15551000000');
  });
});

describe('in production', () => {
  let receiver: HttpProvider;

  beforeAll(async () => {
    receiver = await startWebhookReceiver();
  });

  afterAll(() => receiver?.close());

  const environment = () => ({
    NODE_ENV: 'production',
    APP_SECRET: 'a secret of the tests that is long',
    ...webhookSettings(receiver),
  });

  it('production has no /dev/messages, and fails e-mails without a mail server without showing them', async () => {
    const production = await untilTestEnds(TestApp.spawn(environment()));
    for (const accept of ['text/html', 'application/json']) {
      const { status, body } = await production.get('/dev/messages', { headers: { accept } });
      expect({ status, body }).toEqual({ status: 404, body: { errors: 'Not found' } });
    }
    const person = await production.parent({ user: { email: 'j@example.com', phone: '+15551234567' } });
    await production.change(person, { password: 'anotherpassword1' });
    const row = await waitFor(async () =>
      (await messageRows(production, person.id)).find(({ status }) => status === 'failed'),
    );
    expect(row).toMatchObject({ kind: 'password_changed', content: null, attempts: 1 });
    expect(production.logs()).toContain('SMTP_URL is not set');
    expect(production.logs()).not.toContain('j@example.com');
    expect(production.logs()).not.toContain('Your password was changed');
  });

  it('production does not start with SMS_PROVIDER=log', async () => {
    await expect(TestApp.spawn({ ...environment(), SMS_PROVIDER: 'log' })).rejects.toThrow(ServerDidNotStart);
  });
});
