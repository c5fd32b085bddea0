import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryRefused, EmailChannel, SmsChannel } from '#app/messaging/index.js';
import { TestClock } from '../../support/clock.js';
import { type MessageRow, messageRows, newUser, queueMessage } from '../../support/messages.js';
import { type HttpProvider, type MailServer, startMailServer, startTwilio } from '../../support/providers.js';
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
