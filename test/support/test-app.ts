import type { INestApplication } from '@nestjs/common';
import type { Extension } from '#app/extensions.js';
import { onTestFinished } from 'vitest';
import { type Acting, acting } from './acting.js';
import { type Client, client } from './client.js';
import { TestClock } from './clock.js';
import { freshDatabase, sql, type TestDatabase } from './database.js';
import { runInProcess } from './in-process.js';
import { FIRST_ADMIN } from './people.js';
import { spawnServer, type SpawnedServer } from './server.js';

/** The running application on a database of its own, and people to act in it. */
export interface TestApp extends Client, Acting {
  readonly url: string;
  /** To start another one on it. */
  readonly database: TestDatabase;
  /** What it has logged so far. */
  logs(): string;
  sql<Row = Record<string, unknown>>(query: string, params?: unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

/** In the test's own process: its parts can be reached, its clock be moved. */
export interface InProcessApp extends TestApp {
  readonly nest: INestApplication;
  readonly clock: TestClock;
}

/** In a process of its own, as an operator starts it. */
export interface SpawnedApp extends TestApp {
  readonly pid: number;
  kill9(): Promise<void>;
}

/** What the tests change of the settings' defaults; a test's own come on top. */
const ENVIRONMENT = {
  NODE_ENV: 'test',
  APP_SECRET: 'the secret of the tests',
  RATE_LIMIT: 'off',
  BCRYPT_COST: '4',
  ADMIN_EMAIL: FIRST_ADMIN.email,
  ADMIN_PASSWORD: FIRST_ADMIN.password,
};

export type Environment = Record<string, string | undefined>;

interface Options {
  /** One that is there already, and stays. Without it, one is made, and dropped at the end. */
  readonly database?: TestDatabase;
}

interface InProcessOptions extends Options {
  /** What a team adds. */
  readonly extensions?: Extension[];
  /** One that stands still unless said otherwise. */
  readonly clock?: TestClock;
}

export const TestApp = {
  /**
   * One at a time: Passport keeps its strategies process-wide, so that the last one started would answer for all who is
   * signed in.
   */
  async start(
    env: Environment = {},
    { database, extensions, clock = new TestClock() }: InProcessOptions = {},
  ): Promise<InProcessApp> {
    const [app, { nest }] = await launch(env, database, (all) => runInProcess(all, clock, extensions));
    return { ...app, nest, clock };
  },

  async spawn(env: Environment = {}, { database }: Options = {}): Promise<SpawnedApp> {
    const [app, server] = await launch(env, database, (all) => spawnServer(all));
    return { ...app, pid: server.pid, kill9: () => server.kill9() };
  },
};

/** Stops it with the test that calls this, however that ends. */
export async function untilTestEnds<T extends { stop(): Promise<unknown> }>(
  starting: Promise<T>,
): Promise<T> {
  const started = await starting;
  onTestFinished(async () => void (await started.stop()));
  return started;
}

type Running = Pick<SpawnedServer, 'url' | 'logs'> & { stop(): Promise<unknown> };

async function launch<T extends Running>(
  env: Environment,
  given: TestDatabase | undefined,
  run: (env: Environment) => Promise<T>,
): Promise<[TestApp, T]> {
  const database = given ?? (await freshDatabase());
  const drop = async () => void (given ?? (await database.drop()));
  let running: T;
  try {
    running = await run({ ...ENVIRONMENT, DATABASE_URL: database.url, ...env });
  } catch (error) {
    await drop();
    throw error;
  }
  const api = client(running.url);
  const query: TestApp['sql'] = (text, params) => sql(database.url, text, params);
  const app: TestApp = {
    ...api,
    ...acting(api, query),
    url: running.url,
    database,
    logs: () => running.logs(),
    sql: query,
    async stop() {
      await running.stop();
      await drop();
    },
  };
  return [app, running];
}
