import { randomBytes } from 'node:crypto';
import { createApp } from '#app/app.setup.js';
import type { Extension } from '#app/extensions.js';
import { ensureFirstAdministrator } from '#app/first-administrator.js';
import { loadSettings } from '#app/shared/config/load-settings.js';
import { createLogger } from '#app/shared/observability/logger.js';
import { Clock } from '#app/shared/lib/clock.js';
import type { INestApplication } from '@nestjs/common';
import { expect } from 'vitest';
import { type Answer, type Client, client } from './client.js';
import { freshDatabase, sql, type TestDatabase } from './database.js';
import { temporaryFolder } from './processes.js';
import { spawnServer } from './server.js';

/** The account of ADMIN_EMAIL, which is there from the start. */
export const FIRST_ADMIN = { email: 'first.admin@example.com', password: 'administrators keep secrets' };

export interface Person {
  readonly id: number;
  readonly email: string;
  readonly password: string;
  readonly token: string;
}

type Fields = Record<string, unknown>;

/** A sign-up: `user` is completed, what else is given stands beside it. */
export interface SignUp extends Fields {
  user?: Fields;
}

/** The running application on a database of its own, and people to act in it. */
export interface TestApp extends Client {
  readonly url: string;
  readonly databaseUrl: string;
  /** What it has logged so far. */
  logs(): string;
  sql<Row = Record<string, unknown>>(query: string, params?: unknown[]): Promise<Row[]>;
  signUp(body?: SignUp): Promise<Answer>;
  /** @throws when the sign-in is refused */
  signIn(person: { email: string; password: string }): Promise<string>;
  parent(body?: SignUp): Promise<Person>;
  /** One whom an administrator has approved. */
  clinician(body?: SignUp): Promise<Person>;
  admin(): Promise<Person>;
  firstAdmin(): Promise<Person>;
  /** As if the person had entered the code. */
  confirm(id: number): Promise<void>;
  stop(): Promise<void>;
}

/** An address and a name that nobody else has. */
export function someone(): { email: string; password: string; first_name: string; last_name: string } {
  const name = randomBytes(5).toString('hex');
  return {
    email: `p${name}@example.com`,
    password: `nobody guesses ${name}`,
    first_name: `First${name}`,
    last_name: `Last${name}`,
  };
}

const ENVIRONMENT = {
  NODE_ENV: 'test',
  RATE_LIMIT: 'off',
  BCRYPT_COST: '4',
  ADMIN_EMAIL: FIRST_ADMIN.email,
  ADMIN_PASSWORD: FIRST_ADMIN.password,
};

type Environment = Record<string, string | undefined>;

/** In a process of its own, as an operator starts it. */
export async function startApp(env: Environment = {}): Promise<TestApp> {
  const database = await freshDatabase();
  const server = await spawnServer({ ...ENVIRONMENT, DATABASE_URL: database.url, ...env }).catch(
    async (error: unknown) => {
      await database.drop();
      throw error;
    },
  );
  return appOn(server.url, database, {
    logs: () => server.logs(),
    stop: async () => {
      await server.stop();
    },
  });
}

export interface InProcessApp extends TestApp {
  readonly nest: INestApplication;
  /** Stands still until it is moved. */
  readonly clock: TestClock;
}

/** A clock in the hands of a test. */
export class TestClock {
  private moment = new Date('2026-03-04T05:06:07.089Z');

  now(): Date {
    return new Date(this.moment);
  }

  set(moment: string | Date): void {
    this.moment = new Date(moment);
  }

  forward(milliseconds: number): void {
    this.moment = new Date(this.moment.getTime() + milliseconds);
  }
}

/**
 * In the test's own process, with a clock that the test moves, and with what a team may add. One at a time: Passport
 * keeps its strategies process-wide, so that the last one started would answer for all who is signed in.
 */
export async function startInProcess(env: Environment = {}, extensions?: Extension[]): Promise<InProcessApp> {
  const database = await freshDatabase();
  const folder = temporaryFolder('in-process');
  const lines: string[] = [];
  const settings = loadSettings(folder.path, {
    ...ENVIRONMENT,
    HOST: '127.0.0.1',
    DATABASE_URL: database.url,
    ...env,
  });
  const logger = createLogger(
    settings.logLevel,
    { pretty: false },
    { write: (line) => void lines.push(line) },
  );
  const clock = new TestClock();
  const nest = await createApp(settings, { logger, ...(extensions && { extensions }) });
  nest.get(Clock).now = () => clock.now();
  await ensureFirstAdministrator(nest, settings);
  await nest.listen(0, settings.host);
  const app = appOn(await nest.getUrl(), database, {
    logs: () => lines.join(''),
    stop: async () => {
      await nest.close();
      folder.remove();
    },
  });
  return { ...app, nest, clock };
}

function appOn(url: string, database: TestDatabase, { logs, stop }: Pick<TestApp, 'logs' | 'stop'>): TestApp {
  const api = client(url);
  let root: Person | undefined;

  const app: TestApp = {
    ...api,
    url,
    databaseUrl: database.url,
    logs,
    sql: (query, params) => sql(database.url, query, params),
    signUp: ({ user, ...rest } = {}) =>
      api.post('/v1/users', { body: { user: { ...someone(), ...user }, ...rest } }),
    async signIn({ email, password }) {
      const answer = await api.post('/v1/sessions', { body: { email, password } });
      return (expectStatus(answer, 201).body as { token: string }).token;
    },
    async parent({ user, ...rest } = {}) {
      const details = { ...someone(), ...user };
      const answer = expectStatus(await api.post('/v1/users', { body: { user: details, ...rest } }), 201);
      const { id, email } = answer.body as Person;
      return { id, email, password: details.password, token: answer.headers.get('x-user-token')! };
    },
    async clinician(body = {}) {
      const person = await app.parent({ clinical: true, ...body });
      await app.confirm(person.id);
      const { token } = await app.firstAdmin();
      const approval = { token, body: { approved: true } };
      expectStatus(await api.put(`/v1/users/${person.id}/clinical_approval`, approval), 200);
      return person;
    },
    async admin() {
      const person = await app.parent();
      const { token } = await app.firstAdmin();
      expectStatus(await api.put(`/v1/users/${person.id}/role`, { token, body: { role: 'admin' } }), 200);
      return { ...person, token: await app.signIn(person) };
    },
    async firstAdmin() {
      // An administrator's session ends after 15 minutes in which nothing is asked.
      if (root && (await api.get('/v1/users/me', { token: root.token })).status === 200) return root;
      const { body } = expectStatus(await api.post('/v1/sessions', { body: FIRST_ADMIN }), 201);
      const { token, user } = body as { token: string; user: { id: number } };
      root = { ...FIRST_ADMIN, id: user.id, token };
      return root;
    },
    async confirm(id) {
      await app.sql('UPDATE users SET confirmed = 1, confirmed_at = created_at WHERE id = ?', [id]);
    },
    async stop() {
      await stop();
      await database.drop();
    },
  };
  return app;
}

export const NOT_AUTHORIZED = 'You are not authorized to perform this action.';

/** An error in the only shape that there is, with what every `/v1` answer carries. */
export function expectErrors(answer: Answer, status: number, errors: unknown): void {
  expect({ status: answer.status, body: answer.body }).toEqual({ status, body: { errors } });
  expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
  expect(answer.headers.get('x-request-id')).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
}

/** The answer, if it has the status; what it says, if it has not. */
export function expectStatus(answer: Answer, status: number): Answer {
  if (answer.status !== status) throw new Error(`Got ${answer.status} instead of ${status}: ${answer.text}`);
  return answer;
}
