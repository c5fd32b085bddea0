import { afterAll, beforeAll, expect, it } from 'vitest';
import { BackgroundJobs } from '#app/shared/background/background-jobs.js';
import { MINUTE } from '../../support/durations.js';
import { expectStatus } from '../../support/expectations.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

let app: InProcessApp;

beforeAll(async () => {
  app = await TestApp.start({ RATE_LIMIT: 'on' });
});
afterAll(() => app?.stop());

const count = async (table: string): Promise<number> => (await app.sql(`SELECT * FROM ${table}`)).length;

const rows = async (): Promise<Record<string, number>> => ({
  codes: await count('confirmation_codes'),
  resets: await count('password_resets'),
  quotas: await count('quotas'),
});

it('codes, resets and quotas are deleted when they are of no more use, not before', async () => {
  const cleanUp = () => app.nest.get(BackgroundJobs).runAll();
  const requestReset = async () => {
    const { email } = await app.parent();
    expectStatus(await app.requestReset(email), 202);
  };
  await requestReset();
  // A quota for the codes of the account, one for their destination, one for whoever asks, one for the resets.
  expect(await rows()).toEqual({ codes: 1, resets: 1, quotas: 4 });

  app.clock.forward(10 * MINUTE - 1);
  await cleanUp();
  expect(await rows()).toMatchObject({ codes: 1, resets: 1 });
  await app.parent();
  app.clock.forward(1);
  await cleanUp();
  expect(await rows()).toMatchObject({ codes: 1, resets: 1 });

  app.clock.forward(50 * MINUTE);
  await requestReset();
  await cleanUp();
  expect(await rows()).toMatchObject({ codes: 1, resets: 1 });

  app.clock.forward(24 * 60 * MINUTE);
  await cleanUp();
  expect(await rows()).toEqual({ codes: 0, resets: 0, quotas: 0 });
});
