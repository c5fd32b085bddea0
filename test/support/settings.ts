import { expect } from 'vitest';
import { ServerDidNotStart, type SpawnedServer, spawnServer } from './server.js';
import type { Environment } from './test-app.js';

export const SECRET = 'a secret of twenty-eight chars';

/** What production does not start without, but for a database. */
export const PRODUCTION = {
  NODE_ENV: 'production',
  APP_SECRET: SECRET,
  SMS_PROVIDER: 'webhook',
  SMS_WEBHOOK_URL: 'http://127.0.0.1:9/sms',
  SMS_WEBHOOK_SECRET: 'whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ=',
};

/** What a server writes that does not start; it must end by itself, and with a failure. */
export async function refusal(env: Environment, cwd?: string): Promise<string> {
  const started = await spawnServer(env, { timeout: 60_000, ...(cwd !== undefined && { cwd }) }).catch(
    (error: unknown) => error,
  );
  if (!(started instanceof ServerDidNotStart)) {
    await (started as SpawnedServer).kill9?.();
    throw new Error('It started', { cause: started });
  }
  expect(started.exitCode).toBe(1);
  return started.logs.trim();
}

/** Starts a server, asks it something, stops it. */
export async function during<T>(
  env: Environment,
  ask: (server: SpawnedServer) => T | Promise<T>,
  cwd?: string,
): Promise<T> {
  const server = await spawnServer(env, { timeout: 60_000, ...(cwd !== undefined && { cwd }) });
  try {
    return await ask(server);
  } finally {
    expect(await server.stop()).toBe(0);
  }
}
