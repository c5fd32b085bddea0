import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BackgroundJobs } from '#app/shared/background/background-jobs.js';
import { UnitOfWork } from '#app/shared/database/unit-of-work.js';
import { TestClock } from '../../support/clock.js';
import { databaseKind, freshDatabase, type TestDatabase } from '../../support/database.js';
import { acceptedFor, messageRows, newUser, queueMessage, requestsFor } from '../../support/messages.js';
import { type HttpProvider, startWebhookReceiver, webhookSettings } from '../../support/providers.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';
import { waitFor } from '../../support/wait-for.js';

// Messages of one test may still be on their way in the next: each looks at those of a user of its own.

let database: TestDatabase;
let receiver: HttpProvider;

beforeAll(async () => {
  database = await freshDatabase();
  receiver = await startWebhookReceiver();
});

beforeEach(() => {
  receiver.react = () => 'accept';
});

afterAll(async () => {
  await receiver.close();
  await database.drop();
});

describe('with one server', () => {
  let app: InProcessApp;
  let userId: number;

  beforeAll(async () => {
    app = await TestApp.start(webhookSettings(receiver), { database, clock: TestClock.running() });
  });

  afterAll(() => app?.stop());

  beforeEach(async () => {
    userId = await newUser(app);
  });

  const rows = () => messageRows(app, userId);

  it('a committed message is delivered, and its content wiped', async () => {
    await queueMessage(app, { userId });
    const [row] = await waitFor(async () => (await rows())[0]?.status === 'sent' && rows());
    expect(row).toMatchObject({
      content: null,
      destination: '+*********67',
      attempts: 1,
      kind: 'confirmation',
    });
    expect(row!.sent_at).not.toBeNull();
    const [request] = acceptedFor(receiver, userId);
    expect(JSON.parse(request!.text)).toEqual({
      id: row!.public_id,
      to: '+15551234567',
      body: expect.stringContaining('123456') as string,
      user_id: userId,
      kind: 'confirmation',
    });
  });

  it('a committed message is delivered at once, not a second later', async () => {
    const begin = performance.now();
    for (let count = 1; count <= 6; count += 1) {
      await queueMessage(app, { userId });
      await waitFor(() => acceptedFor(receiver, userId).length === count);
    }
    expect(performance.now() - begin).toBeLessThan(4_000);
  });

  it('a message whose cause is rolled back is never sent', async () => {
    const db = app.nest.get(UnitOfWork);
    await expect(
      db.run(async () => {
        await queueMessage(app, { userId });
        throw new Error('the cause fails');
      }),
    ).rejects.toThrow('the cause fails');
    await queueMessage(app, { userId, destination: '+15557654321' });
    await waitFor(() => acceptedFor(receiver, userId).length > 0);
    expect(requestsFor(receiver, userId).map(({ text }) => (JSON.parse(text) as { to: string }).to)).toEqual([
      '+15557654321',
    ]);
    expect(await rows()).toHaveLength(1);
  });

  it('the content of a waiting message is encrypted with a nonce of its own', async () => {
    receiver.react = () => 503;
    await queueMessage(app, { userId });
    await queueMessage(app, { userId });
    await waitFor(() => requestsFor(receiver, userId).length >= 2);
    const waiting = await rows();
    for (const { content, destination, status } of waiting) {
      expect(status).toBe('queued');
      expect(destination).toBe('+*********67');
      for (const secret of ['123456', '+15551234567', 'John', 't0k3n'])
        expect(content!.includes(secret)).toBe(false);
    }
    expect(waiting[0]!.content!.equals(waiting[1]!.content!)).toBe(false);
    expect(waiting[0]!.content!.subarray(0, 13).equals(waiting[1]!.content!.subarray(0, 13))).toBe(false);
  });

  it('a content that was altered, or moved to another message, is not delivered', async () => {
    receiver.react = () => 503;
    await queueMessage(app, { userId, kind: 'password_changed' });
    await queueMessage(app, { userId, kind: 'password_changed', destination: '+15557654321' });
    await waitFor(() => requestsFor(receiver, userId).length === 2);
    const [first, second] = await rows();
    await app.sql('UPDATE messages SET content = ? WHERE id = ?', [second!.content, first!.id]);
    const altered = Buffer.from(second!.content!);
    altered[altered.length - 1]! ^= 1;
    await app.sql('UPDATE messages SET content = ? WHERE id = ?', [altered, second!.id]);
    receiver.react = () => 'accept';
    await waitFor(async () => (await rows()).every(({ status }) => status === 'failed'), { timeout: 15_000 });
    expect((await rows()).map(({ content }) => content)).toEqual([null, null]);
    expect(acceptedFor(receiver, userId)).toEqual([]);
  });

  it('a message is tried again with the same id until the provider is back, and then no more', async () => {
    receiver.react = () =>
      requestsFor(receiver, userId).length < 2
        ? 500
        : requestsFor(receiver, userId).length === 2
          ? 'reset'
          : 'accept';
    await queueMessage(app, { userId });
    await waitFor(() => acceptedFor(receiver, userId).length === 1, { timeout: 20_000 });
    const [row] = await waitFor(async () => (await rows())[0]?.status === 'sent' && rows());
    expect(row).toMatchObject({ attempts: 4, content: null });
    expect(new Set(requestsFor(receiver, userId).map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set([row!.public_id]),
    );

    const pauses = requestsFor(receiver, userId)
      .slice(1)
      .map(({ at }, index) => at - requestsFor(receiver, userId)[index]!.at);
    for (const [index, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThan(700 * 2 ** index);
      expect(pause).toBeLessThan(1_250 * 2 ** index + 1_500);
    }
  });

  it('support sees everything of a message but its content', async () => {
    await queueMessage(app, { userId });
    await waitFor(async () => (await rows())[0]?.status === 'sent');
    receiver.react = () => 503;
    await queueMessage(app, { userId, kind: 'password_reset' });
    await queueMessage(app, {
      userId,
      channel: 'email',
      destination: 'john.doe@example.com',
      suppressed: true,
    });
    const { token } = await app.firstAdmin();
    const { status, body, text } = await app.get(`/v1/users/${userId}/messages`, { token });
    expect(status).toBe(200);
    expect(body.meta).toEqual({ page: 1, page_size: 50, total_count: 3, total_pages: 1 });
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
    const id = expect.stringMatching(/^msg_[\w-]{22}$/) as string;
    const sms = { id, channel: 'sms', destination: '+*********67', created_at: time };
    expect(body.messages).toEqual([
      {
        id,
        kind: 'confirmation',
        channel: 'email',
        destination: 'j***@example.com',
        status: 'suppressed',
        attempts: 0,
        created_at: time,
        sent_at: null,
      },
      {
        ...sms,
        kind: 'password_reset',
        status: 'queued',
        attempts: expect.any(Number) as number,
        sent_at: null,
      },
      { ...sms, kind: 'confirmation', status: 'sent', attempts: 1, sent_at: time },
    ]);
    expect(Object.keys(body.messages[0])).toEqual([
      'id',
      'kind',
      'channel',
      'destination',
      'status',
      'attempts',
      'created_at',
      'sent_at',
    ]);
    expect(text).not.toContain('123456');
    expect((await rows()).find((row) => row.status === 'suppressed')!.content).toBeNull();

    const page = await app.get(`/v1/users/${userId}/messages?page=2&page_size=2`, { token });
    expect(page.body.messages).toHaveLength(1);
    expect(page.headers.get('link')).toContain('rel="prev"');
    expect((await app.get('/v1/users/4000000/messages', { token })).status).toBe(404);
    expect((await app.get(`/v1/users/${userId}/messages?page=0`, { token })).status).toBe(422);
    expect((await app.get(`/v1/users/${userId}/messages`)).status).toBe(401);
    const person = await app.parent();
    expect((await app.get(`/v1/users/${person.id}/messages`, { token: person.token })).status).toBe(403);
    expect((await app.get('/v1/users/4000000/messages', { token: person.token })).status).toBe(403);
  });

  it('the messages of a deleted user are removed, even while they are being delivered', async () => {
    receiver.react = () => 'hang';
    await queueMessage(app, { userId });
    await waitFor(() => requestsFor(receiver, userId).length === 1);
    const start = performance.now();
    const { token } = await app.firstAdmin();
    expect((await app.delete(`/v1/users/${userId}`, { token })).status).toBe(204);
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(await rows()).toEqual([]);
    receiver.react = () => 'accept';
    const other = await newUser(app);
    await queueMessage(app, { userId: other });
    await waitFor(() => acceptedFor(receiver, other).length === 1);
    expect(await rows()).toEqual([]);
  });

  it('messages are removed after thirty days, and sessions that have ended too', async () => {
    receiver.react = () => 503;
    for (let count = 0; count < 3; count += 1) await queueMessage(app, { userId });
    const [first, second] = await rows();
    const old = '2020-01-01 00:00:00.000';
    // More than one batch.
    const columns = 'user_id, kind, channel, status, destination, attempts, created_at, due_at, expires_at';
    await app.sql(
      `INSERT INTO messages (public_id, ${columns})
       WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)
       SELECT ${databaseKind === 'sqlite' ? "'old' || i" : "CONCAT('old', i)"}, ?, 'confirmation', 'sms', 'sent', '+*67', 1, ?, ?, ? FROM n`,
      [userId, old, old, old],
    );
    await app.sql('UPDATE messages SET created_at = ? WHERE id = ?', [old, first!.id]);
    const { token } = await app.firstAdmin();
    const { body } = await app.get('/v1/sessions', { token });
    const idle = body.sessions.find((session: { current: boolean }) => session.current).id;
    const before = await app.sql('SELECT id FROM sessions');
    await app.sql('UPDATE sessions SET last_seen_at = ? WHERE id = ?', [old, idle]);

    await app.nest.get(BackgroundJobs).runAll();
    expect((await rows()).map(({ id }) => id)).toEqual([second!.id, second!.id + 1]);
    const left = await app.sql('SELECT id FROM sessions');
    expect(left).toHaveLength(before.length - 1);
    expect(left).not.toContainEqual({ id: idle });
  });
});
