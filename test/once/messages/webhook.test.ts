import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryRefused, EmailChannel, SmsChannel } from '#app/messaging/index.js';
import { TestClock } from '../../support/clock.js';
import { MINUTE } from '../../support/durations.js';
import { asStored, type MessageRow, messageRows, newUser, queueMessage } from '../../support/messages.js';
import {
  type HttpProvider,
  type MailServer,
  startMailServer,
  startTwilio,
  startWebhookReceiver,
  webhookSecret,
} from '../../support/providers.js';
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

const isRefused = (url: string): Promise<boolean> =>
  fetch(`${url}/health/live`, { headers: { connection: 'close' } }).then(
    () => false,
    () => true,
  );

const rows = () => messageRows(app, userId);

function withStatus(status: string, timeout = 5_000): Promise<MessageRow> {
  return waitFor(async () => (await rows()).find((row) => row.status === status), { timeout });
}

describe('the SMS webhook', () => {
  let receiver: HttpProvider;
  const settings = () => ({
    SMS_PROVIDER: 'webhook',
    SMS_WEBHOOK_URL: `${receiver.url}/sms?from=api`,
    SMS_WEBHOOK_SECRET: webhookSecret,
  });

  beforeEach(async () => {
    receiver = await startWebhookReceiver();
  });

  afterEach(() => receiver.close());

  it('the SMS webhook is signed as the Standard Webhooks specification says', async () => {
    await start(settings());
    await queueMessage(app, { userId });
    const [request] = await waitFor(() => receiver.requests.length === 1 && receiver.requests);
    expect(request).toMatchObject({ method: 'POST', path: '/sms?from=api' });
    expect(request!.headers['content-type']).toBe('application/json');
    const verified = new Webhook(webhookSecret).verify(
      request!.text,
      request!.headers as Record<string, string>,
    );
    const { public_id: id } = await withStatus('sent');
    expect(verified).toEqual({
      id,
      to: '+15551234567',
      body: '123456 is your confirmation code. It is valid for 10 minutes. Do not share it with anybody.',
      user_id: userId,
      kind: 'confirmation',
    });
    expect(request!.headers['webhook-id']).toBe(id);
    const otherSecret = `whsec_${Buffer.from('another secret').toString('base64')}`;
    expect(() =>
      new Webhook(otherSecret).verify(request!.text, request!.headers as Record<string, string>),
    ).toThrow('No matching signature found');
  });

  it('the SMS webhook sends the credentials of its address as a header', async () => {
    await start({
      ...settings(),
      SMS_WEBHOOK_URL: receiver.url.replace('http://', 'http://us%40er:p%3Ass@'),
    });
    await queueMessage(app, { userId });
    const [request] = await waitFor(() => receiver.accepted().length === 1 && receiver.accepted());
    expect(request!.headers.authorization).toBe(`Basic ${Buffer.from('us@er:p:ss').toString('base64')}`);
  });

  it('the SMS webhook does not follow a redirect', async () => {
    const elsewhere = await startWebhookReceiver();
    await receiver.close();
    receiver = await startWebhookReceiver({ location: elsewhere.url });
    receiver.react = () => (receiver.requests.length === 0 ? 307 : 'accept');
    await start(settings());
    await queueMessage(app, { userId });
    await withStatus('sent');
    expect(receiver.requests).toHaveLength(2);
    expect(elsewhere.requests).toEqual([]);
    await elsewhere.close();
  });

  it(
    'the SMS webhook is tried again after ten seconds of silence, and holds up no other message',
    { timeout: 40_000 },
    async () => {
      await start(settings());
      const hanging = Array.from({ length: 50 }, (_, index) => `+1555123${String(index).padStart(4, '0')}`);
      receiver.react = (text) => (hanging.some((number) => text.includes(number)) ? 'hang' : 'accept');
      const began = performance.now();
      await Promise.all(
        hanging.map((destination) => queueMessage(app, { userId, kind: 'password_changed', destination })),
      );
      await waitFor(() => receiver.requests.length === hanging.length);

      for (let count = 0; count < 3; count += 1) {
        const queued = performance.now();
        await queueMessage(app, { userId, kind: 'email_changed', destination: '+15557654321' });
        await waitFor(() => receiver.accepted().length === count + 1);
        expect(performance.now() - queued).toBeLessThan(1_000);
      }
      receiver.react = () => 'accept';
      await waitFor(async () => (await rows()).every(({ status }) => status === 'sent'), { timeout: 25_000 });
      expect(receiver.requests).toHaveLength(2 * hanging.length + 3);
      const retried = receiver.requests.slice(hanging.length + 3).map(({ at }) => at - began);
      for (const at of retried) {
        expect(at).toBeGreaterThan(10_000);
        expect(at).toBeLessThan(15_000);
      }
    },
  );

  it(
    'an SMS webhook that hangs slows down no request, nor the end of the server',
    { timeout: 60_000 },
    async () => {
      await start(settings());
      receiver.react = () => 'hang';
      for (let count = 0; count < 150; count += 1)
        await queueMessage(app, { userId, kind: 'password_changed' });
      await waitFor(() => receiver.requests.length >= 64);
      const began = performance.now();
      expect((await app.get('/health/ready')).status).toBe(200);
      await queueMessage(app, { userId });
      expect(performance.now() - began).toBeLessThan(1_000);

      const closing = performance.now();
      await app.nest.close();
      // Deliveries under way get five seconds, then they are given back.
      expect(performance.now() - closing).toBeLessThan(8_000);
      const now = asStored(Date.now());
      for (const { status, due_at: dueAt } of await rows()) {
        expect(status).toBe('queued');
        expect(dueAt <= now).toBe(true);
      }
    },
  );

  it('a delivery under way when the server stops may finish, and no other starts', async () => {
    const { url } = await start(settings());
    let asked = 0;
    let mayAnswer = false;
    receiver.react = async () => {
      asked += 1;
      await waitFor(() => mayAnswer);
      return 'accept' as const;
    };
    await queueMessage(app, { userId });
    await waitFor(() => asked === 1);
    const closed = app.nest.close();
    // It claims nothing any more once it takes no connection any more.
    await waitFor(() => isRefused(url));
    await queueMessage(app, { userId, kind: 'password_changed' });
    mayAnswer = true;
    await closed;
    expect(asked).toBe(1);
    expect((await rows()).map(({ status, attempts }) => [status, attempts])).toEqual([
      ['sent', 1],
      ['queued', 0],
    ]);
  });

  it('a message that was not answered when the server stopped is sent again under the same id', async () => {
    await start(settings());
    receiver.react = () => 'hang';
    await queueMessage(app, { userId });
    await waitFor(() => receiver.requests.length === 1);
    await app.nest.close();
    expect((await rows())[0]).toMatchObject({ status: 'queued', attempts: 1 });
    receiver.react = () => 'accept';
    await untilTestEnds(TestApp.start(settings(), { database: app.database, clock: TestClock.running() }));
    await withStatus('sent');
    const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([ids[0], ids[0]]);
  });

  it('a message that has expired is given up without being sent', async () => {
    receiver.react = () => 503;
    const { clock } = await start(settings(), new TestClock(new Date()));
    await queueMessage(app, { userId, expiresAt: new Date(clock.now().getTime() + 10 * MINUTE) });
    await waitFor(() => receiver.requests.length === 1);
    receiver.react = () => 'accept';
    clock.forward(10 * MINUTE);
    const row = await withStatus('expired');
    expect(row.content).toBeNull();
    expect(receiver.accepted()).toEqual([]);
  });

  it('a message is given up when there is no time left for another attempt', async () => {
    receiver.react = () => 503;
    await start(settings());
    await queueMessage(app, { userId, expiresAt: new Date(Date.now() + 600) });
    expect(await withStatus('expired')).toMatchObject({ attempts: 1, content: null });
  });

  it('a code that was not delivered is dropped once there is a newer one', async () => {
    receiver.react = (text) => (text.includes('111111') ? 503 : 'accept');
    const { clock } = await start(settings(), new TestClock(new Date()));
    const expiresAt = new Date(clock.now().getTime() + 10 * MINUTE);
    await queueMessage(app, { userId, values: { code: '111111' }, expiresAt });
    await waitFor(() => receiver.requests.length === 1);
    clock.forward(MINUTE);
    await queueMessage(app, { userId, values: { code: '222222' }, expiresAt });
    await withStatus('sent');
    receiver.react = () => 'accept';
    clock.forward(MINUTE);
    await withStatus('expired');
    expect(receiver.accepted().map(({ text }) => /\d{6}(?= is)/.exec(text)?.[0])).toEqual(['222222']);
  });

  it('a message to a template user is recorded and not sent', async () => {
    await start(settings());
    await queueMessage(app, { userId, suppressed: true });
    await queueMessage(app, { userId, kind: 'password_changed' });
    await withStatus('sent');
    expect(receiver.requests).toHaveLength(1);
    expect((await rows())[0]).toMatchObject({ status: 'suppressed', content: null, attempts: 0 });
    expect((await app.get('/metrics')).text).toContain(
      'messages_total{kind="confirmation",channel="sms",status="suppressed"} 1',
    );
  });

  it('the log has no number, code or text of a message, whatever goes wrong', async () => {
    await start(settings());
    receiver.react = () =>
      receiver.requests.length === 0 ? 500 : receiver.requests.length === 1 ? 'reset' : 400;
    await queueMessage(app, { userId });
    await waitFor(() => receiver.requests.length === 3, { timeout: 15_000 });
    await waitFor(() => app.logs().includes('HTTP 400'));
    expect(app.logs()).toContain('HTTP 500');
    for (const secret of ['123456', '5551234567', 'John', 'confirmation code'])
      expect(app.logs()).not.toContain(secret);
  });
});

describe('Twilio', () => {
  let twilio: HttpProvider;
  const accountSid = `AC${'1'.repeat(32)}`;
  const settings = () => ({
    SMS_PROVIDER: 'twilio',
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: 'the token',
    TWILIO_FROM: '+15550001111',
    TWILIO_API_URL: twilio.url,
  });

  beforeEach(async () => {
    twilio = await startTwilio();
  });

  afterEach(() => twilio.close());

  it('Twilio gets a form under the account, with its token', async () => {
    await start(settings());
    await queueMessage(app, { userId, language: 'fr-CA' });
    await withStatus('sent', 15_000);
    expect(twilio.requests).toHaveLength(1);
    const [{ method, path, headers, text }] = twilio.requests as [HttpProvider['requests'][number]];
    expect({ method, path }).toEqual({
      method: 'POST',
      path: `/2010-04-01/Accounts/${accountSid}/Messages.json`,
    });
    expect(headers.authorization).toBe(`Basic ${Buffer.from(`${accountSid}:the token`).toString('base64')}`);
    expect(headers['content-type']).toContain('application/x-www-form-urlencoded');
    expect(Object.fromEntries(new URLSearchParams(text))).toEqual({
      To: '+15551234567',
      From: '+15550001111',
      Body: '123456 est votre code de confirmation. Il est valable 10 minutes. Ne le communiquez à personne.',
    });
  });

  it('Twilio is tried again after a failure of its own, not after a refusal', async () => {
    await start(settings());
    twilio.react = () => (twilio.requests.length === 0 ? 503 : 'accept');
    await queueMessage(app, { userId });
    expect(await withStatus('sent', 15_000)).toMatchObject({ attempts: 2 });

    twilio.react = () => 400;
    await queueMessage(app, { userId, kind: 'password_changed' });
    expect(await withStatus('failed')).toMatchObject({ attempts: 1, content: null });
    expect(app.logs()).toContain('HTTP 400, Twilio 21211');
    expect(app.logs()).not.toContain('5551234567');
  });

  it('Twilio has ten seconds to answer', { timeout: 30_000 }, async () => {
    await start(settings());
    twilio.react = () => (twilio.requests.length === 0 ? 'hang' : 'accept');
    await queueMessage(app, { userId });
    await withStatus('sent', 20_000);
    const [first, second] = twilio.requests;
    expect(second!.at - first!.at).toBeGreaterThan(10_000);
    expect(second!.at - first!.at).toBeLessThan(14_000);
  });
});

describe('e-mail by SMTP', () => {
  let mailServer: MailServer;
  const settings = () => ({
    SMTP_URL: mailServer.url,
    MAIL_FROM: 'Our Clinic <no-reply@clinic.example.org>',
  });
  const email = { channel: 'email', destination: 'john.doe@example.com' } as const;

  beforeEach(async () => {
    mailServer = await startMailServer();
  });

  afterEach(() => mailServer.close());

  it('an e-mail goes out as text and HTML, in the language of the person', async () => {
    await start(settings());
    await queueMessage(app, {
      userId,
      ...email,
      language: 'de-CH',
      values: { firstName: 'Jürg', code: '123456' },
    });
    const { public_id: id } = await withStatus('sent');
    const [mail] = mailServer.mails;
    expect(mail).toMatchObject({ from: 'no-reply@clinic.example.org', to: ['john.doe@example.com'] });
    expect(Object.fromEntries(mail!.headers)).toMatchObject({
      from: 'Our Clinic <no-reply@clinic.example.org>',
      to: 'john.doe@example.com',
      'message-id': `<${id}@clinic.example.org>`,
      'content-language': 'de',
      'auto-submitted': 'auto-generated',
    });
    expect(mail!.text).toMatch(/^Guten Tag Jürg,\n\n.*\n\n123456\n\n/);
    expect(mail!.html).toContain('Guten Tag Jürg,');
    expect(mail!.html).toContain('<html lang="de">');
    expect(mail!.html).toContain('>123456<');
  });

  it('an e-mail escapes what people wrote, and keeps it out of every header', async () => {
    await start(settings());
    const firstName = '<img src=x onerror="alert(1)">&\r\nBcc: victim@example.com';
    const link = 'https://app.example.org/reset?a=1&token="><script>';
    await queueMessage(app, { userId, ...email, kind: 'password_reset', values: { firstName, link } });
    await withStatus('sent');
    const [mail] = mailServer.mails;
    expect(mail!.to).toEqual(['john.doe@example.com']);
    expect([...mail!.headers.keys()]).not.toContain('bcc');
    expect([...mail!.headers.values()].join()).not.toContain('victim');
    expect(mail!.html).not.toMatch(/<img|<script/);
    expect(mail!.html).toContain(
      'href="https://app.example.org/reset?a=1&amp;token=&quot;&gt;&lt;script&gt;"',
    );
  });

  it('an e-mail does not greet by a name that a mail program would make a link of', async () => {
    await start(settings());
    for (const firstName of ['https://evil.example', 'www.evil', 'evil.com']) {
      await queueMessage(app, { userId, ...email, kind: 'password_changed', values: { firstName } });
    }
    await waitFor(() => mailServer.mails.length === 3);
    for (const { text, html } of mailServer.mails) {
      expect(text).toMatch(/^Hello,\n/);
      expect(html).not.toContain('evil');
    }
  });

  it(
    'an e-mail is tried again when the server is busy, silent or breaks off, with the same Message-ID',
    { timeout: 40_000 },
    async () => {
      await start(settings());
      mailServer.reactToRecipient = () => {
        mailServer.reactToRecipient = () => 'accept';
        return 451;
      };
      mailServer.reactToData = () => {
        mailServer.reactToData = () => (mailServer.mails.length === 2 ? 'reset' : 'accept');
        return 'hang';
      };
      await queueMessage(app, { userId, ...email });
      const row = await withStatus('sent', 35_000);
      expect(row).toMatchObject({ attempts: 4, content: null });
      const ids = mailServer.mails.map(({ headers }) => headers.get('message-id'));
      expect(ids).toHaveLength(3);
      expect(new Set(ids)).toEqual(new Set([`<${row.public_id}@clinic.example.org>`]));
    },
  );

  it('an e-mail is given up when the server will never take it, and the log has no address', async () => {
    await start(settings());
    mailServer.reactToRecipient = () => 550;
    await queueMessage(app, { userId, ...email });
    expect(await withStatus('failed')).toMatchObject({ attempts: 1, content: null });
    expect(app.logs()).toContain('EENVELOPE 550');
    expect(app.logs()).not.toContain('john.doe');
  });

  it('an e-mail waits for a server that is down, while SMS go out', async () => {
    const port = Number(new URL(mailServer.url).port);
    await mailServer.close();
    await start(settings());
    await queueMessage(app, { userId, ...email });
    await waitFor(async () => (await rows())[0]!.attempts > 0);
    await queueMessage(app, { userId });
    await withStatus('sent', 1_000);
    mailServer = await startMailServer({ port });
    await waitFor(() => mailServer.mails.length === 1, { timeout: 15_000 });
    await waitFor(async () => (await rows()).every(({ status }) => status === 'sent'));
    const { text } = await app.get('/metrics');
    expect(text).toContain('messages_total{kind="confirmation",channel="email",status="sent"} 1');
    expect(text).toMatch(/^message_delivery_attempts_total\{channel="email",outcome="postponed"\} \d+$/m);
    expect(text).toMatch(/^messages_oldest_queued_age_seconds\{channel="sms"\} \d/m);
  });
});

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
    SMS_PROVIDER: 'webhook',
    SMS_WEBHOOK_URL: receiver.url,
    SMS_WEBHOOK_SECRET: webhookSecret,
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

describe('a channel of a team', () => {
  it(
    'a channel of a team may refuse for good, and has ten seconds to answer',
    { timeout: 30_000 },
    async () => {
      await start({});
      app.nest.get(SmsChannel).send = () => Promise.reject(new DeliveryRefused('no such network'));
      await queueMessage(app, { userId });
      await withStatus('failed');

      let calls = 0;
      app.nest.get(EmailChannel).send = () => {
        calls += 1;
        return calls === 1 ? new Promise(() => undefined) : Promise.resolve();
      };
      await queueMessage(app, { userId, channel: 'email', destination: 'john.doe@example.com' });
      expect(await withStatus('sent', 20_000)).toMatchObject({ attempts: 2 });
      expect(calls).toBe(2);
    },
  );
});
