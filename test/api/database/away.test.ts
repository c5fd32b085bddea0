import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseKind, freshDatabase, type TestDatabase } from '../../support/database.js';
import { expectErrors } from '../../support/expectations.js';
import { someone } from '../../support/people.js';
import { type Proxy, proxyTo } from '../../support/proxy.js';
import { type SpawnedApp, TestApp, untilTestEnds } from '../../support/test-app.js';
import { waitFor } from '../../support/wait-for.js';

it('the database is asked before the service calls itself ready', async () => {
  const app = await untilTestEnds(TestApp.spawn());
  expect((await app.get('/health/ready')).body).toEqual({ status: 'ok' });
});

// The embedded one can't go away.
if (databaseKind !== 'sqlite') {
  describe('a database that goes away', () => {
    let database: TestDatabase;
    let proxy: Proxy;
    let app: SpawnedApp;

    beforeAll(async () => {
      database = await freshDatabase();
      proxy = await proxyTo(database.url);
      app = await TestApp.spawn({ DATABASE_URL: proxy.through(database.url) }, { database });
    });
    afterAll(async () => {
      await app?.stop();
      await proxy?.stop();
      await database?.drop();
    });

    it('a database that is away is a 503 with Retry-After and without the cause, and what needs no database still answers', async () => {
      const signUp = await app.signUp();
      const token = signUp.headers.get('x-user-token')!;
      proxy.cut();
      for (const answer of [
        await app.get('/v1/users/me', { token }),
        await app.signUp(),
        await app.trySignIn(someone().email, 'whatever it is'),
      ]) {
        expectErrors(answer, 503, 'Service unavailable');
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      expect((await app.get('/health/ready')).status).toBe(503);
      expect((await app.get('/health/live')).status).toBe(200);
    });

    it('a database that comes back is used without a restart', async () => {
      proxy.restore();
      await waitFor(async () => (await app.get('/health/ready')).status === 200, { timeout: 15_000 });
      expect((await app.signUp()).status).toBe(201);
    });
  });
}
