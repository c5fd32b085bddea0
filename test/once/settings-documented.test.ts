import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadSettings } from '#app/shared/config/load-settings.js';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(resolve(root, name), 'utf8');

/** The settings of .env, those included that it names without setting them. */
const inEnvFile = [...read('.env').matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name!);

const production = {
  NODE_ENV: 'production',
  APP_SECRET: 'a secret of twenty-eight chars',
  DATABASE_URL: 'sqlite:users.db',
  ADMIN_EMAIL: 'admin@example.org',
  ADMIN_PASSWORD: 'a good long secret',
};
const webhook = {
  SMS_PROVIDER: 'webhook',
  SMS_WEBHOOK_URL: 'http://127.0.0.1:9/sms',
  SMS_WEBHOOK_SECRET: 'whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ=',
};
const twilio = {
  SMS_PROVIDER: 'twilio',
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'token',
  TWILIO_FROM: '+15550006666',
};

/** The names of all variables that the application asks for. */
function namesThatAreRead(): string[] {
  const names = new Set<string>();
  for (const provider of [webhook, twilio]) {
    // In production the environment is read as it is, without files.
    const environment = new Proxy<Record<string, string | undefined>>(
      { ...production, ...provider },
      {
        get(target, name: string) {
          names.add(name);
          return target[name];
        },
      },
    );
    loadSettings(root, environment);
  }
  return [...names];
}

describe('the settings that are documented', () => {
  it('.env names every setting that is read, and no other', () => {
    expect(inEnvFile.toSorted()).toEqual(namesThatAreRead().toSorted());
  });

  it('docs/settings.md has every setting of .env', () => {
    const page = read('docs/settings.md');
    expect(inEnvFile.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it.each(['.gitignore', '.dockerignore'])('%s leaves .env.local out', (name) => {
    expect(read(name).split('\n')).toContain('.env.local');
  });
});
