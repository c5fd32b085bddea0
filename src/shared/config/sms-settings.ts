import { isSupportedCountry } from 'libphonenumber-js/max';
import type { EnvironmentReader } from './environment.js';
import { type Settings, SettingsError } from './settings.js';

const MAX_BUDGET = 1_000_000_000;

/** @throws SettingsError naming the first variable that is wrong */
export function readSmsSettings(env: EnvironmentReader, production: boolean): Settings['sms'] {
  const provider = env.choice('SMS_PROVIDER', ['log', 'webhook', 'twilio'], 'log');
  if (production && provider === 'log') {
    throw new SettingsError(
      'SMS_PROVIDER must be webhook or twilio when NODE_ENV=production: log sends nothing',
    );
  }
  const countries = env.list('SMS_ALLOWED_COUNTRIES').map((country) => country.toUpperCase());
  for (const country of countries) {
    if (!isSupportedCountry(country)) {
      throw new SettingsError(
        `SMS_ALLOWED_COUNTRIES must list two-letter ISO country codes, not "${country}"`,
      );
    }
  }
  const dailyBudget = env.integer('SMS_DAILY_BUDGET', { fallback: 10_000, min: 0, max: MAX_BUDGET });
  return {
    provider,
    allowedCountries: countries.length > 0 ? countries : null,
    specialNumbers: env.flag('SMS_SPECIAL_NUMBERS', false),
    dailyBudget,
    dailyBudgetPerPrefix: env.integer('SMS_DAILY_BUDGET_PER_PREFIX', {
      fallback: dailyBudget,
      min: 0,
      max: MAX_BUDGET,
    }),
    webhook: provider === 'webhook' ? smsWebhook(env) : null,
    twilio: provider === 'twilio' ? twilio(env) : null,
    androidAppHash: androidAppHash(env),
    webOtpDomain: webOtpDomain(env),
  };
}

function smsWebhook(env: EnvironmentReader): NonNullable<Settings['sms']['webhook']> {
  env.required('SMS_WEBHOOK_URL', 'with SMS_PROVIDER=webhook');
  const secret = env.required('SMS_WEBHOOK_SECRET', 'with SMS_PROVIDER=webhook');
  if (!/^whsec_[A-Za-z0-9+/]{8,}={0,2}$/.test(secret)) {
    throw new SettingsError(
      'SMS_WEBHOOK_SECRET must be whsec_ and base64, as the Standard Webhooks specification says',
    );
  }
  return { url: env.url('SMS_WEBHOOK_URL', ['http:', 'https:']) ?? '', secret };
}

function twilio(env: EnvironmentReader): NonNullable<Settings['sms']['twilio']> {
  const reason = 'with SMS_PROVIDER=twilio';
  const accountSid = env.required('TWILIO_ACCOUNT_SID', reason);
  if (!accountSid.startsWith('AC')) throw new SettingsError('TWILIO_ACCOUNT_SID must start with AC');
  return {
    accountSid,
    authToken: env.required('TWILIO_AUTH_TOKEN', reason),
    from: env.required('TWILIO_FROM', reason),
    apiUrl: env.url('TWILIO_API_URL', ['http:', 'https:']),
  };
}

/** The 11 characters that Android's SMS Retriever looks for at the end of a message. */
function androidAppHash(env: EnvironmentReader): string | null {
  const hash = env.text('ANDROID_APP_HASH');
  if (hash !== null && !/^[A-Za-z0-9+/]{11}$/.test(hash)) {
    throw new SettingsError('ANDROID_APP_HASH must be the 11 characters of the app signing hash');
  }
  return hash;
}

function webOtpDomain(env: EnvironmentReader): string | null {
  const domain = env.text('WEB_OTP_DOMAIN');
  if (domain !== null && !/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(domain)) {
    throw new SettingsError('WEB_OTP_DOMAIN must be a host name such as app.example.org');
  }
  return domain;
}
