import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadSettings } from '#app/shared/config/load-settings.js';
import { SettingsError } from '#app/shared/config/settings.js';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../support/processes.js';
import { PRODUCTION, refusal, SECRET } from '../../support/settings.js';
import type { Environment } from '../../support/test-app.js';

// Each starts a process or a few.
vi.setConfig({ testTimeout: 120_000 });

const TWILIO = {
  SMS_PROVIDER: 'twilio',
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'token',
  TWILIO_FROM: '+15550006666',
};

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
