import { afterEach, beforeEach, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '../../support/database.js';
import { expectStatus } from '../../support/expectations.js';
import { type SpawnedApp, TestApp } from '../../support/test-app.js';

let database: TestDatabase;
let app: SpawnedApp;

beforeEach(async () => {
  database = await freshDatabase();
  await start();
});
afterEach(async () => {
  await app?.stop();
  await database.drop();
});

async function start(): Promise<void> {
  app = await TestApp.spawn({ RATE_LIMIT: 'on' }, { database });
}

it('a restart forgets no message that was sent, and no wrong code', async () => {
  const { id, email, token } = await app.parent({ user: { phone: '+15551234567' }, template: true });
  expectStatus(await app.requestReset(email), 202);
  for (let attempt = 0; attempt < 5; attempt += 1) expectStatus(await app.enterCode(id, '111111'), 401);

  await app.kill9();
  await start();

  expectStatus(await app.resendCode(token), 429);
  expectStatus(await app.requestReset(email), 429);
  expectStatus(await app.enterCode(id, '000000'), 401);
});

it('a restart leaves pending codes valid', async () => {
  const { id } = await app.parent({ template: true });
  await app.kill9();
  await start();
  const answer = await app.enterCode(id, '000000');
  expect(expectStatus(answer, 200).body).toMatchObject({ verified: true });
});
