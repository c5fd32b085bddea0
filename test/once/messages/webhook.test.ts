import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestClock } from '../../support/clock.js';
import { MINUTE } from '../../support/durations.js';
import { asStored, type MessageRow, messageRows, newUser, queueMessage } from '../../support/messages.js';
import { type HttpProvider, startWebhookReceiver, webhookSecret } from '../../support/providers.js';
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
