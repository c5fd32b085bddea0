import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectStatus, someone } from '../support/accounts.js';
import { type Client, client } from '../support/client.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { type SpawnedServer, spawnServer } from '../support/server.js';

let database: TestDatabase;
let server: SpawnedServer;
let api: Client;

beforeEach(async () => {
  database = await freshDatabase();
  await start();
});
afterEach(async () => {
  await server?.stop();
  await database.drop();
});

async function start(): Promise<void> {
  const APP_SECRET = 'the same before and after';
  server = await spawnServer({ DATABASE_URL: database.url, APP_SECRET, RATE_LIMIT: 'on' });
  api = client(server.url);
}

it('forgets no message that was sent, and no wrong code', async () => {
  const user = { ...someone(), phone: '+15551234567' };
  const signUp = expectStatus(await api.post('/v1/users', { body: { user, template: true } }), 201);
  const token = signUp.headers.get('x-user-token')!;
  const confirm = (code: string) =>
    api.post('/v1/users/confirmation', {
      body: { user_id: (signUp.body as { id: number }).id, confirmation_code: code },
    });
  expectStatus(await api.post('/v1/users/passwords', { body: { email: user.email } }), 202);
  for (let attempt = 0; attempt < 5; attempt += 1) expectStatus(await confirm('111111'), 401);

  await server.kill9();
  await start();

  expectStatus(await api.post('/v1/users/resend_confirmation', { token }), 429);
  expectStatus(await api.post('/v1/users/passwords', { body: { email: user.email } }), 429);
  expectStatus(await confirm('000000'), 401);
});

it('leaves what is pending valid', async () => {
  const user = someone();
  const { body } = expectStatus(await api.post('/v1/users', { body: { user, template: true } }), 201);
  await server.kill9();
  await start();
  const confirmation = { user_id: (body as { id: number }).id, confirmation_code: '000000' };
  const answer = await api.post('/v1/users/confirmation', { body: confirmation });
  expect(expectStatus(answer, 200).body).toMatchObject({ verified: true });
});
