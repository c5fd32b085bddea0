import { isIP } from 'node:net';
import { parseDatabaseUrl } from './database-url.js';
import { SECOND } from '../lib/duration.js';
import { developmentSecret } from './app-secret.js';
import { type Environment, EnvironmentReader, readEnvironment } from './environment.js';
import { readLimits } from './limit-settings.js';
import { readSmsSettings } from './sms-settings.js';
import { LOG_LEVELS, Settings, SettingsError } from './settings.js';

const MIN_SECRET_LENGTH = 16;
/** Six years, leap days included: what HIPAA asks for (45 CFR 164.316(b)(2)(i)). */
const AUDIT_RETENTION_DAYS = 2192;

/**
 * Reads and checks every setting.
 *
 * @param directory where `.env` and `data/` are
 * @throws SettingsError naming the first variable that is wrong
 */
export function loadSettings(directory = process.cwd(), processEnv: Environment = process.env): Settings {
  const env = new EnvironmentReader(readEnvironment(directory, processEnv));
  const environment = env.choice('NODE_ENV', ['development', 'test', 'production'], 'development');
  const production = environment === 'production';
  if (production) {
    env.required('APP_SECRET', 'when NODE_ENV=production');
    env.required('DATABASE_URL', 'when NODE_ENV=production');
  }
  const secret = appSecret(env, production, directory);
  const values: Omit<Settings, 'isProduction'> = {
    environment,
    host: env.text('HOST') ?? '127.0.0.1',
    port: env.integer('PORT', { fallback: 3000, min: 0, max: 65535 }),
    logLevel: env.choice('LOG_LEVEL', LOG_LEVELS, 'info'),
    database: {
      url: databaseUrl(env),
      migrate: env.flag('MIGRATE', true),
      poolSize: env.integer('DATABASE_POOL_SIZE', { fallback: 10, min: 1, max: 1000 }),
    },
    redisUrl: env.url('REDIS_URL', ['redis:', 'rediss:']),
    appSecret: secret,
    audit: {
      secret: auditSecret(env) ?? secret,
      retentionDays: env.integer('AUDIT_RETENTION_DAYS', {
        fallback: AUDIT_RETENTION_DAYS,
        min: 1,
        max: 36_500,
      }),
    },
    bcryptCost: env.integer('BCRYPT_COST', { fallback: 12, min: 4, max: 18 }),
    rateLimit: env.flag('RATE_LIMIT', true),
    limits: readLimits(env),
    trustProxy: proxies(env),
    corsOrigins: origins(env),
    hstsIncludeSubDomains: env.flag('HSTS_INCLUDE_SUBDOMAINS', false),
    shutdownDelay: SECOND * env.integer('SHUTDOWN_DELAY', { fallback: 0, min: 0, max: 300 }),
    mail: { smtpUrl: env.url('SMTP_URL', ['smtp:', 'smtps:']), from: mailFrom(env) },
    sms: readSmsSettings(env, production),
    supportContact: env.text('SUPPORT_CONTACT'),
    messages: { retentionDays: env.integer('MESSAGE_RETENTION_DAYS', { fallback: 30, min: 1, max: 36_500 }) },
    passwordResetUrl: env.url('PASSWORD_RESET_URL', ['http:', 'https:']),
    template: {
      signup: env.choice('TEMPLATE_SIGNUP', ['open', 'admin'], production ? 'admin' : 'open'),
      code: templateCode(env),
    },
    admin: admin(env),
  };
  return Object.freeze(Object.assign(Object.create(Settings.prototype) as Settings, values));
}

function databaseUrl(env: EnvironmentReader): string {
  const url = env.text('DATABASE_URL') ?? 'sqlite:data/users.db';
  parseDatabaseUrl(url);
  return url;
}

function appSecret(env: EnvironmentReader, production: boolean, directory: string): string {
  const secret = env.text('APP_SECRET');
  if (secret === null) return developmentSecret(directory);
  if (production && secret.length < MIN_SECRET_LENGTH) {
    throw new SettingsError(
      `APP_SECRET must have at least ${MIN_SECRET_LENGTH} characters (try: openssl rand -base64 32)`,
    );
  }
  return secret;
}

function auditSecret(env: EnvironmentReader): string | null {
  const secret = env.text('AUDIT_SECRET');
  if (secret !== null && secret.length < MIN_SECRET_LENGTH)
    throw new SettingsError(`AUDIT_SECRET must have at least ${MIN_SECRET_LENGTH} characters`);
  return secret;
}

function proxies(env: EnvironmentReader): string[] {
  const list = env.list('TRUST_PROXY');
  for (const entry of list) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address);
    const valid = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32));
    if (family === 0 || !valid)
      throw new SettingsError(`TRUST_PROXY must list IP addresses or CIDR ranges, not "${entry}"`);
  }
  return list;
}

function origins(env: EnvironmentReader): string[] {
  const list = env.list('CORS_ORIGINS');
  for (const origin of list) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new SettingsError(
        `CORS_ORIGINS must list origins such as https://app.example.org, not "${origin}"`,
      );
    }
  }
  return list;
}

function mailFrom(env: EnvironmentReader): string {
  const from = env.text('MAIL_FROM');
  if (from === null && env.text('SMTP_URL') !== null)
    throw new SettingsError('MAIL_FROM must be set with SMTP_URL');
  if (from !== null && !/^[^\r\n]*[^\s@]+@[^\s@]+$/.test(from)) {
    throw new SettingsError(
      'MAIL_FROM must be an address such as no-reply@example.org or Name <no-reply@example.org>',
    );
  }
  return from ?? 'General Users API <no-reply@localhost>';
}

function templateCode(env: EnvironmentReader): string {
  const code = env.text('TEMPLATE_CODE') ?? '000000';
  if (!/^\d{6}$/.test(code)) throw new SettingsError('TEMPLATE_CODE must be six digits');
  return code;
}

function admin(env: EnvironmentReader): Settings['admin'] {
  const email = env.text('ADMIN_EMAIL');
  if (email === null) return null;
  return { email, password: env.required('ADMIN_PASSWORD', 'with ADMIN_EMAIL') };
}
