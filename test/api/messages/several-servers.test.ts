import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { TestClock } from '../../support/clock.js';
import { databaseKind, freshDatabase, type TestDatabase } from '../../support/database.js';
import { MINUTE, SECOND } from '../../support/durations.js';
import {
  acceptedFor,
  asStored,
  messageRows,
  newUser,
  queueMessage,
  requestsFor,
} from '../../support/messages.js';
import {
  type HttpProvider,
  startMailServer,
  startWebhookReceiver,
  webhookSettings,
} from '../../support/providers.js';
import {
  type Environment,
  type InProcessApp,
  type SpawnedApp,
  TestApp,
  untilTestEnds,
} from '../../support/test-app.js';
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

async function sentBy(server: TestApp): Promise<number> {
  const { text } = await server.get('/metrics');
  const line = /^messages_total{kind="password_changed",channel="sms",status="sent"} (\d+)$/m.exec(text);
  return Number(line?.[1] ?? 0);
}

describe('with several servers', () => {
  const start = (clock = TestClock.running()): Promise<InProcessApp> =>
    untilTestEnds(TestApp.start(webhookSettings(receiver), { database, clock }));
  const spawn = (env: Environment = {}): Promise<SpawnedApp> =>
    untilTestEnds(TestApp.spawn({ ...webhookSettings(receiver), ...env }, { database }));

  it('several servers share the work and send each message once', { timeout: 120_000 }, async () => {
    // So many, and so slowly taken, that every server gets to see some of them.
    const total = 300;
    receiver.react = async () => {
      await delay(700);
      return 'accept' as const;
    };
    const app = await start();
    // The embedded database is for one process.
    const others = databaseKind === 'sqlite' ? [] : [await spawn(), await spawn()];
    const userId = await newUser(app);
    const queue = (index: number) =>
      queueMessage(app, { userId, kind: 'password_changed', destination: `+1555${1_000_000 + index}` });
    // As many at once as there are connections: more would wait for one, and that has a deadline.
    for (let index = 0; index < total; index += 10) {
      await Promise.all(Array.from({ length: 10 }, (_, next) => queue(index + next)));
    }
    const rows = await waitFor(
      async () => {
        const all = await messageRows(app, userId);
        return all.every(({ status }) => status === 'sent') && all;
      },
      { timeout: 60_000, interval: 100 },
    );
    expect(rows).toHaveLength(total);
    expect(rows.every(({ attempts }) => attempts === 1)).toBe(true);
    const ids = requestsFor(receiver, userId).map(({ headers }) => headers['webhook-id']);
    expect(ids).toHaveLength(total);
    expect(new Set(ids)).toEqual(new Set(rows.map(({ public_id: id }) => id)));

    const servers = [app, ...others];
    const shares = await waitFor(async () => {
      const counts = await Promise.all(servers.map(sentBy));
      return counts.reduce((sum, count) => sum + count) >= total && counts;
    });
    expect(shares.reduce((sum, share) => sum + share)).toBe(total);
    for (const share of shares) expect(share).toBeGreaterThan(0);
  });

  it('a message that was promised before a crash is delivered after it', { timeout: 120_000 }, async () => {
    const mailServer = await startMailServer();
    onTestFinished(() => mailServer.close());
    const mail = { SMTP_URL: mailServer.url, MAIL_FROM: 'no-reply@example.org' };
    const first = await spawn(mail);
    const person = await first.parent({ user: { email: 'crash@example.com', phone: '+15551230002' } });
    mailServer.reactToData = () => 'hang';
    await first.change(person, { password: 'anotherpassword1' });
    await first.kill9();
    const notice = async () =>
      (await messageRows(first, person.id)).find(({ kind }) => kind === 'password_changed');
    expect(await notice()).toMatchObject({ status: 'queued' });
    mailServer.reactToData = () => 'accept';
    mailServer.mails.length = 0;
    // Had the first one claimed it already, its lease would have to run out.
    await first.sql('UPDATE messages SET due_at = created_at WHERE user_id = ?', [person.id]);
    await spawn(mail);
    await waitFor(async () => (await notice())?.status === 'sent', { timeout: 10_000 });
    const mine = mailServer.mails.filter(({ to }) => to.includes('crash@example.com'));
    expect(mine).toHaveLength(1);
    expect(mine[0]!.headers.get('message-id')).toContain((await notice())!.public_id);
  });

  it('a message is left to the server that holds its lease, and taken when the lease has run out', async () => {
    receiver.react = () => 503;
    const app = await start(new TestClock(new Date()));
    const { clock } = app;
    const userId = await newUser(app);
    await queueMessage(app, { userId, expiresAt: new Date(clock.now().getTime() + 10 * MINUTE) });
    await waitFor(async () => requestsFor(receiver, userId).length === 1);
    // As another server that has claimed it and then died would leave it.
    await waitFor(async () => (await messageRows(app, userId))[0]!.attempts === 1);
    const leaseEnd = asStored(clock.now().getTime() + 30 * SECOND);
    await waitFor(async () => {
      await app.sql('UPDATE messages SET due_at = ?, attempts = 7 WHERE user_id = ?', [leaseEnd, userId]);
      return (await messageRows(app, userId))[0]!.attempts === 7;
    });
    receiver.react = () => 'accept';
    clock.forward(29 * SECOND);
    await queueMessage(app, {
      userId,
      kind: 'password_changed',
      expiresAt: new Date(clock.now().getTime() + 10 * MINUTE),
    });
    await waitFor(() => acceptedFor(receiver, userId).length === 1);
    expect(requestsFor(receiver, userId)).toHaveLength(2);
    clock.forward(1_500);
    await waitFor(() => acceptedFor(receiver, userId).length === 2);
    await waitFor(async () => (await messageRows(app, userId))[0]!.status === 'sent');
    expect((await messageRows(app, userId))[0]!.attempts).toBe(8);
  });
});
