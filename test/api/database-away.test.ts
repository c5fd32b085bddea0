import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectErrors, someone, startApp } from '../support/accounts.js';
import { type Client, client } from '../support/client.js';
import { databaseKind, freshDatabase, type TestDatabase } from '../support/database.js';
import { type Proxy, proxyTo } from '../support/proxy.js';
import { type SpawnedServer, spawnServer } from '../support/server.js';
import { waitFor } from '../support/wait-for.js';

it('is asked before the service calls itself ready', async () => {
  const app = await startApp();
  expect((await app.get('/health/ready')).body).toEqual({ status: 'ok' });
  await app.stop();
});

// The embedded one can't go away.
if (databaseKind !== 'sqlite') {
  describe('a database that goes away', () => {
    let database: TestDatabase;
    let proxy: Proxy;
    let server: SpawnedServer;
    let api: Client;

    beforeAll(async () => {
      database = await freshDatabase();
      proxy = await proxyTo(database.url);
      server = await spawnServer({ DATABASE_URL: proxy.through(database.url), RATE_LIMIT: 'off' });
      api = client(server.url);
    });
    afterAll(async () => {
      await server?.stop();
      await proxy?.close();
      await database?.drop();
    });

    it('is a 503 that says when to come back, and nothing of the cause; what needs no database still answers', async () => {
      const signUp = await api.post('/v1/users', { body: { user: someone() } });
      const token = signUp.headers.get('x-user-token')!;
      proxy.cut();
      for (const answer of [
        await api.get('/v1/users/me', { token }),
        await api.post('/v1/users', { body: { user: someone() } }),
        await api.post('/v1/sessions', { body: { email: someone().email, password: 'whatever it is' } }),
      ]) {
        expectErrors(answer, 503, 'Service unavailable');
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      expect((await api.get('/health/ready')).status).toBe(503);
      expect((await api.get('/health/live')).status).toBe(200);
    });

    it('is back without a restart', async () => {
      proxy.restore();
      await waitFor(async () => (await api.get('/health/ready')).status === 200, { timeout: 15_000 });
      expect((await api.post('/v1/users', { body: { user: someone() } })).status).toBe(201);
    });
  });
}
