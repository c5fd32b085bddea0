import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { client } from '../../support/client.js';
import { sql } from '../../support/database.js';
import { someone } from '../../support/people.js';
import { temporaryFolder } from '../../support/processes.js';
import type { SpawnedServer } from '../../support/server.js';
import { during, PRODUCTION, refusal, SECRET } from '../../support/settings.js';

// Each starts a process or a few.
vi.setConfig({ testTimeout: 120_000 });

const root = resolve(import.meta.dirname, '../../..');

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
