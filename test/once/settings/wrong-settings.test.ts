import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { loadSettings } from '#app/shared/config/load-settings.js';
import { SettingsError } from '#app/shared/config/settings.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { client } from '../../support/client.js';
import { sql } from '../../support/database.js';
import { FIRST_ADMIN, someone } from '../../support/people.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/processes.js';
import { ServerDidNotStart, type SpawnedServer, spawnServer } from '../../support/server.js';
import type { Environment } from '../../support/test-app.js';

// Each starts a process or a few.
vi.setConfig({ testTimeout: 120_000 });

const root = resolve(import.meta.dirname, '../../..');

const SECRET = 'a secret of twenty-eight chars';
const PRODUCTION = {
  NODE_ENV: 'production',
  APP_SECRET: SECRET,
  SMS_PROVIDER: 'webhook',
  SMS_WEBHOOK_URL: 'http://127.0.0.1:9/sms',
  SMS_WEBHOOK_SECRET: 'whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ=',
};
const TWILIO = {
  SMS_PROVIDER: 'twilio',
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'token',
  TWILIO_FROM: '+15550006666',
};

/** What a server writes that does not start; it must end by itself, and with a failure. */
async function refusal(env: Environment, cwd?: string): Promise<string> {
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
async function during<T>(
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

const WRONG: [name: string, env: Environment][] = [
  ['NODE_ENV', { NODE_ENV: 'staging' }],
  ['PORT', { PORT: 'abc' }],
  ['PORT', { PORT: '-1' }],
  ['PORT', { PORT: '65536' }],
  ['PORT', { PORT: '80.5' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://user:hunter2@127.0.0.1/name' }],
  ['DATABASE_URL', { DATABASE_URL: 'hunter2' }],
  ['DATABASE_URL', { DATABASE_URL: 'sqlite:' }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://user:hunter2@127.0.0.1:3306' }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://user:hunter2@127.0.0.1:99999/name' }],
  ['MIGRATE', { MIGRATE: 'perhaps' }],
  ['REDIS_URL', { REDIS_URL: 'http://user:hunter2@127.0.0.1' }],
  ['REDIS_URL', { REDIS_URL: 'hunter2' }],
  ['BCRYPT_COST', { BCRYPT_COST: '3' }],
  ['BCRYPT_COST', { BCRYPT_COST: '32' }],
  ['BCRYPT_COST', { BCRYPT_COST: 'twelve' }],
  ['RATE_LIMIT', { RATE_LIMIT: 'maybe' }],
  ['TRUST_PROXY', { TRUST_PROXY: 'proxy.example' }],
  ['TRUST_PROXY', { TRUST_PROXY: '10.0.0.0/33' }],
  ['TRUST_PROXY', { TRUST_PROXY: '127.0.0.1, 300.0.0.1' }],
  ['SMTP_URL', { SMTP_URL: 'http://hunter2@127.0.0.1', MAIL_FROM: 'a@example.com' }],
  ['MAIL_FROM', { SMTP_URL: 'smtp://127.0.0.1:25' }],
  ['MAIL_FROM', { SMTP_URL: 'smtp://127.0.0.1:25', MAIL_FROM: 'nobody' }],
  ['SMS_PROVIDER', { SMS_PROVIDER: 'pigeon' }],
  ['SMS_WEBHOOK_URL', { ...PRODUCTION, NODE_ENV: 'test', SMS_WEBHOOK_URL: undefined }],
  ['SMS_WEBHOOK_URL', { ...PRODUCTION, NODE_ENV: 'test', SMS_WEBHOOK_URL: 'ftp://127.0.0.1' }],
  ['SMS_WEBHOOK_SECRET', { ...PRODUCTION, NODE_ENV: 'test', SMS_WEBHOOK_SECRET: undefined }],
  ['SMS_WEBHOOK_SECRET', { ...PRODUCTION, NODE_ENV: 'test', SMS_WEBHOOK_SECRET: 'hunter2' }],
  ['SMS_WEBHOOK_SECRET', { ...PRODUCTION, NODE_ENV: 'test', SMS_WEBHOOK_SECRET: 'whsec_hunter2!' }],
  ['TWILIO_ACCOUNT_SID', { ...TWILIO, TWILIO_ACCOUNT_SID: undefined }],
  ['TWILIO_ACCOUNT_SID', { ...TWILIO, TWILIO_ACCOUNT_SID: 'hunter2' }],
  ['TWILIO_AUTH_TOKEN', { ...TWILIO, TWILIO_AUTH_TOKEN: undefined }],
  ['TWILIO_FROM', { ...TWILIO, TWILIO_FROM: undefined }],
  ['TWILIO_API_URL', { ...TWILIO, TWILIO_API_URL: 'api.twilio.com' }],
  ['SMS_ALLOWED_COUNTRIES', { SMS_ALLOWED_COUNTRIES: 'Germany' }],
  // The United Kingdom is GB: taken as it stands, this would refuse every number there is.
  ['SMS_ALLOWED_COUNTRIES', { SMS_ALLOWED_COUNTRIES: 'UK' }],
  ['SMS_ALLOWED_COUNTRIES', { SMS_ALLOWED_COUNTRIES: 'US,+49' }],
  ['SMS_DAILY_BUDGET', { SMS_DAILY_BUDGET: 'plenty' }],
  ['SMS_DAILY_BUDGET', { SMS_DAILY_BUDGET: '-1' }],
  ['ANDROID_APP_HASH', { ANDROID_APP_HASH: 'short' }],
  ['WEB_OTP_DOMAIN', { WEB_OTP_DOMAIN: 'https://app.example.org' }],
  ['PASSWORD_RESET_URL', { PASSWORD_RESET_URL: 'reset-password' }],
  ['PASSWORD_RESET_URL', { PASSWORD_RESET_URL: 'javascript:alert(1)' }],
  ['ADMIN_PASSWORD', { ADMIN_EMAIL: 'admin@example.com' }],
  ['TEMPLATE_SIGNUP', { TEMPLATE_SIGNUP: 'anyone' }],
  ['TEMPLATE_CODE', { TEMPLATE_CODE: '12345' }],
  ['TEMPLATE_CODE', { TEMPLATE_CODE: 'abcdef' }],
  ['CORS_ORIGINS', { CORS_ORIGINS: 'app.example.org' }],
  ['CORS_ORIGINS', { CORS_ORIGINS: 'https://app.example.org/path' }],
  ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
  ['APP_SECRET', { ...PRODUCTION, DATABASE_URL: 'sqlite:users.db', APP_SECRET: undefined }],
  ['APP_SECRET', { ...PRODUCTION, DATABASE_URL: 'sqlite:users.db', APP_SECRET: '' }],
  ['APP_SECRET', { ...PRODUCTION, DATABASE_URL: 'sqlite:users.db', APP_SECRET: 'hunter2' }],
  ['DATABASE_URL', { ...PRODUCTION }],
  ['DATABASE_URL', { ...PRODUCTION, DATABASE_URL: ' ' }],
  ['SMS_PROVIDER', { ...PRODUCTION, DATABASE_URL: 'sqlite:users.db', SMS_PROVIDER: undefined }],
  ['SMS_PROVIDER', { ...PRODUCTION, DATABASE_URL: 'sqlite:users.db', SMS_PROVIDER: 'log' }],
];

/** What only shows when it is put to use. */
const WRONG_IN_USE: [name: string, env: Environment][] = [
  ['HOST', { HOST: 'no host at all' }],
  ['HOST', { HOST: '192.0.2.1' }],
  ['DATABASE_URL', { DATABASE_URL: 'sqlite:/dev/null/hunter2.db' }],
  ['ADMIN_PASSWORD', { ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: 'hunter2' }],
  ['ADMIN_PASSWORD', { ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: 'admin@example.com' }],
  ['ADMIN_EMAIL', { ADMIN_EMAIL: 'admin', ADMIN_PASSWORD: 'a good long secret' }],
];

function expectOneLine(said: string, name: string): void {
  // What was logged before that is JSON.
  const lines = said.split('\n').filter((line) => !line.startsWith('{'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(new RegExp(`\\b${name}\\b`));
  expect(said).not.toContain('hunter2');
  expect(said).not.toContain(SECRET);
}

describe('a wrong setting stops the start with one line that names it', () => {
  it.each(WRONG)('the wrong setting %s %j stops the start with one line that names it', (name, env) => {
    const folder = temporaryFolder('settings');
    try {
      let said = 'nothing';
      try {
        loadSettings(folder.path, env);
      } catch (error) {
        if (!(error instanceof SettingsError)) throw error;
        said = error.message;
      }
      expectOneLine(said, name);
    } finally {
      folder.remove();
    }
  });

  const seenByOperators = [WRONG[0]!, ...WRONG.slice(-3), ...WRONG_IN_USE];

  it.each(seenByOperators)(
    'the wrong setting %s %j is shown to an operator in one line',
    async (name, env) => {
      expectOneLine(await refusal(env), name);
    },
  );

  it('a port that is taken stops the start with one line that names it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    try {
      await new Promise((listening) => other.once('listening', listening));
      const { port } = other.address() as AddressInfo;
      const said = await refusal({ PORT: String(port) });
      expectOneLine(said, 'PORT');
    } finally {
      other.close();
    }
  });
});

describe('without any setting', () => {
  it('without any setting the server runs with SQLite and a secret of its own in data/', async () => {
    const folder = temporaryFolder('empty');
    const secretPath = join(folder.path, 'data/app-secret');
    try {
      const bare = { NODE_ENV: undefined, BCRYPT_COST: undefined, LOG_LEVEL: undefined };
      const [secret, token] = await during(
        bare,
        async (server) => {
          const { url } = server;
          expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
          const lines = server
            .logs()
            .split('\n')
            .filter((line) => line.includes(url));
          expect(lines).toHaveLength(1);
          const answer = await client(url).post('/v1/users', { body: { user: someone() } });
          expect(answer.status).toBe(201);
          return [readFileSync(secretPath, 'utf8'), answer.headers.get('x-user-token')!];
        },
        folder.path,
      );
      expect(existsSync(join(folder.path, 'data/users.db'))).toBe(true);
      expect(secret.trim().length).toBeGreaterThanOrEqual(32);
      expect(statSync(secretPath).mode & 0o077).toBe(0);
      await during(
        bare,
        async ({ url }) => {
          expect((await client(url).get('/v1/users/me', { token })).status).toBe(200);
        },
        folder.path,
      );
      expect(readFileSync(secretPath, 'utf8')).toBe(secret);
    } finally {
      folder.remove();
    }
  });

  it('empty settings count as not set', async () => {
    const names = Object.keys(parseEnv(readFileSync(join(root, '.env'), 'utf8')));
    const empty = Object.fromEntries(
      [...names, 'DATABASE_URL', 'APP_SECRET', 'HOST'].map((name) => [name, '']),
    );
    await during({ ...empty, PORT: '0' }, async ({ url }) => {
      expect(url).toContain('127.0.0.1');
      expect((await client(url).get('/health/ready')).status).toBe(200);
    });
  });

  it('an APP_SECRET of its own leaves data/ without one', async () => {
    const folder = temporaryFolder('secret');
    try {
      const env = { APP_SECRET: SECRET, DATABASE_URL: 'sqlite:users.db' };
      await during(env, ({ url }) => client(url).get('/health/live'), folder.path);
      expect(existsSync(join(folder.path, 'data/app-secret'))).toBe(false);
      expect(existsSync(join(folder.path, 'users.db'))).toBe(true);
    } finally {
      folder.remove();
    }
  });
});

describe('production', () => {
  it('production starts with a secret, a database and a real provider', async () => {
    await during({ ...PRODUCTION, DATABASE_URL: 'sqlite:users.db' }, async ({ url }) => {
      const api = client(url);
      expect((await api.get('/health/ready')).status).toBe(200);
      expect((await api.get('/dev/messages')).status).toBe(404);
      // Template users are for administrators there, unless said otherwise.
      const answer = await api.post('/v1/users', { body: { user: someone(), template: true } });
      expect(answer.body).toEqual({ errors: { template: ['is not allowed'] } });
    });
    const open = { ...PRODUCTION, DATABASE_URL: 'sqlite:users.db', TEMPLATE_SIGNUP: 'open' };
    await during(open, async ({ url }) => {
      const answer = await client(url).post('/v1/users', { body: { user: someone(), template: true } });
      expect(answer.status).toBe(201);
    });
  });

  it('production does not read .env', async () => {
    const folder = temporaryFolder('dotenv');
    try {
      writeFileSync(join(folder.path, '.env'), `APP_SECRET=${SECRET}\nBCRYPT_COST=nonsense\n`);
      const env = { ...PRODUCTION, DATABASE_URL: 'sqlite:users.db', APP_SECRET: undefined };
      expect(await refusal(env, folder.path)).toMatch(/\bAPP_SECRET\b/);
      await during({ ...env, APP_SECRET: SECRET, BCRYPT_COST: undefined }, () => undefined, folder.path);
    } finally {
      folder.remove();
    }
  });
});

describe('.env', () => {
  const text = readFileSync(join(root, '.env'), 'utf8');

  it('.env lists every setting of the contract and sets no secret', () => {
    for (const name of [
      'HOST',
      'PORT',
      'DATABASE_URL',
      'MIGRATE',
      'REDIS_URL',
      'APP_SECRET',
      'BCRYPT_COST',
      'RATE_LIMIT',
      'TRUST_PROXY',
      'SMTP_URL',
      'MAIL_FROM',
      'SMS_PROVIDER',
      'SMS_WEBHOOK_URL',
      'SMS_WEBHOOK_SECRET',
      'TWILIO_ACCOUNT_SID',
      'TWILIO_AUTH_TOKEN',
      'TWILIO_FROM',
      'TWILIO_API_URL',
      'SMS_ALLOWED_COUNTRIES',
      'SMS_DAILY_BUDGET',
      'PASSWORD_RESET_URL',
      'ADMIN_EMAIL',
      'ADMIN_PASSWORD',
      'TEMPLATE_SIGNUP',
      'TEMPLATE_CODE',
      'ANDROID_APP_HASH',
      'WEB_OTP_DOMAIN',
      'CORS_ORIGINS',
      'LOG_LEVEL',
      'NODE_ENV',
    ]) {
      expect(text).toMatch(new RegExp(`\\b${name}\\b`));
    }
    const values = parseEnv(text);
    expect(values).not.toHaveProperty('DATABASE_URL');
    expect(values).not.toHaveProperty('APP_SECRET');
    for (const [name, value] of Object.entries(values)) {
      if (/SECRET|AUTH_TOKEN|PASSWORD$|SMTP_URL|ACCOUNT_SID/.test(name))
        expect({ name, value }).toEqual({ name, value: '' });
    }
  });

  it('.env is read from where the server runs, and overridden by the environment', async () => {
    const folder = temporaryFolder('dotenv');
    try {
      writeFileSync(join(folder.path, '.env'), text);
      await during({}, () => undefined, folder.path);

      writeFileSync(join(folder.path, '.env'), '# comment\nTEMPLATE_SIGNUP="admin"\nBCRYPT_COST=nonsense\n');
      expect(await refusal({ BCRYPT_COST: undefined }, folder.path)).toMatch(/\bBCRYPT_COST\b/);
      // An empty one counts as not set, and so does not override.
      expect(await refusal({ BCRYPT_COST: '' }, folder.path)).toMatch(/\bBCRYPT_COST\b/);
      const signUp = async ({ url }: SpawnedServer) =>
        (await client(url).post('/v1/users', { body: { user: someone(), template: true } })).status;
      expect(await during({ BCRYPT_COST: '4' }, signUp, folder.path)).toBe(422);
      expect(await during({ BCRYPT_COST: '4', TEMPLATE_SIGNUP: 'open' }, signUp, folder.path)).toBe(201);
    } finally {
      folder.remove();
    }
  });
});

describe('ADMIN_EMAIL', () => {
  let folder: TemporaryFolder;
  const ADMIN = { ADMIN_EMAIL: ` ${FIRST_ADMIN.email.toUpperCase()} `, ADMIN_PASSWORD: FIRST_ADMIN.password };

  beforeAll(() => {
    folder = temporaryFolder('admin');
    mkdirSync(join(folder.path, 'data'));
  });
  afterAll(() => folder?.remove());

  const signIn = ({ url }: SpawnedServer, email: string, password: string) =>
    client(url).post('/v1/sessions', { body: { email, password } });
  const run = <T>(env: Environment, ask: (server: SpawnedServer) => Promise<T>) =>
    during(env, ask, folder.path);
  const query = (text: string) => sql(`sqlite:${join(folder.path, 'data/users.db')}`, text);

  it('ADMIN_EMAIL creates an administrator who is active and confirmed', async () => {
    await run(ADMIN, async (server) => {
      const { status, body } = await signIn(server, FIRST_ADMIN.email, FIRST_ADMIN.password);
      expect(status).toBe(201);
      expect(body.user).toMatchObject({
        role: 'admin',
        active: true,
        confirmed: true,
        email: FIRST_ADMIN.email,
      });
      expect(server.logs()).not.toContain(FIRST_ADMIN.password);
    });
  });

  it('ADMIN_EMAIL leaves the password of an existing administrator alone, even where the new one breaks the rules', async () => {
    const before = await query('SELECT * FROM users');
    for (const password of ['another good secret', 'short']) {
      await run({ ...ADMIN, ADMIN_PASSWORD: password }, async (server) => {
        expect((await signIn(server, FIRST_ADMIN.email, password)).status).toBe(401);
        expect((await signIn(server, FIRST_ADMIN.email, FIRST_ADMIN.password)).status).toBe(201);
      });
    }
    const after = await query('SELECT * FROM users');
    const unchanging = (rows: Record<string, unknown>[]) =>
      rows.map((row) =>
        Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'last_sign_in_at')),
      );
    expect(unchanging(after)).toEqual(unchanging(before));
  });

  it('ADMIN_EMAIL restores an administrator who was cancelled, demoted or is not confirmed', async () => {
    await query("UPDATE users SET role = 'parent', active = 0, confirmed = 0, cancelled_at = created_at");
    await run(ADMIN, async (server) => {
      const { status, body } = await signIn(server, FIRST_ADMIN.email, FIRST_ADMIN.password);
      expect(status).toBe(201);
      expect(body.user).toMatchObject({ role: 'admin', active: true, confirmed: true, cancelled_at: null });
    });
  });

  it('ADMIN_EMAIL promotes the user who has the address, with the password that they have', async () => {
    const person = someone();
    await run({}, async ({ url }) => {
      expect((await client(url).post('/v1/users', { body: { user: person } })).status).toBe(201);
    });
    await run({ ADMIN_EMAIL: person.email, ADMIN_PASSWORD: 'another good secret' }, async (server) => {
      const { body } = await signIn(server, person.email, person.password);
      expect(body.user).toMatchObject({ role: 'admin', active: true, confirmed: true });
      expect((await signIn(server, person.email, 'another good secret')).status).toBe(401);
    });
  });

  it('ADMIN_EMAIL does not make a template user an administrator', async () => {
    const person = someone();
    await run({}, async ({ url }) => {
      const answer = await client(url).post('/v1/users', { body: { user: person, template: true } });
      expect(answer.status).toBe(201);
    });
    const env = { ADMIN_EMAIL: person.email, ADMIN_PASSWORD: 'another good secret' };
    const said = await refusal(env, folder.path);
    expect(said).toMatch(/\bADMIN_EMAIL\b/);
    expect(await query(`SELECT role FROM users WHERE email = '${person.email}'`)).toEqual([
      { role: 'parent' },
    ]);
  });
});

describe('MIGRATE', () => {
  it('MIGRATE=false leaves the schema to the migrate command', async () => {
    const folder = temporaryFolder('migrate');
    try {
      const env = { MIGRATE: 'false', DATABASE_URL: 'sqlite:users.db' };
      await refusal(env, folder.path);
      expect(await sql(`sqlite:${join(folder.path, 'users.db')}`, 'SELECT name FROM sqlite_master')).toEqual(
        [],
      );
      const command = [resolve(root, 'dist/src/cli.js'), 'migrate'];
      const { stdout } = await promisify(execFile)(process.execPath, command, {
        cwd: folder.path,
        env: { PATH: process.env['PATH'], ...env },
      });
      expect(stdout).not.toBe('');
      await during(
        env,
        async ({ url }) => {
          expect((await client(url).post('/v1/users', { body: { user: someone() } })).status).toBe(201);
        },
        folder.path,
      );
    } finally {
      folder.remove();
    }
  });
});
