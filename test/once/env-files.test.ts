import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSettings } from '#app/shared/config/load-settings.js';
import { type Settings, SettingsError } from '#app/shared/config/settings.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder, type TemporaryFolder } from '../support/processes.js';
import { ServerDidNotStart, spawnServer } from '../support/server.js';

const SECRET = 'a secret of twenty-eight chars';

let folder: TemporaryFolder;
beforeEach(() => {
  folder = temporaryFolder('env-files');
});
afterEach(() => folder.remove());

function write(name: string, content: string | Uint8Array): void {
  writeFileSync(join(folder.path, name), content);
}

function load(env: Record<string, string | undefined> = {}): Settings {
  return loadSettings(folder.path, { APP_SECRET: SECRET, ...env });
}

/** The line that an operator would see. */
function refusal(env: Record<string, string | undefined> = {}): string {
  try {
    load(env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    expect(error.message).not.toContain('\n');
    return error.message;
  }
  throw new Error('The settings were accepted');
}

describe('which value counts', () => {
  it('.env.local overrides .env, and the environment overrides both', () => {
    write('.env', 'PORT=4001\nTEMPLATE_CODE=111111\nMAIL_FROM=env@example.org\n');
    write('.env.local', 'PORT=4002\nTEMPLATE_CODE=222222\n');
    expect(load({ PORT: '4003' })).toMatchObject({
      port: 4003,
      template: { code: '222222' },
      mail: { from: 'env@example.org' },
    });
  });

  it('.env.local is read where there is no .env', () => {
    write('.env.local', 'PORT=4002\n');
    expect(load().port).toBe(4002);
  });

  it.each(['', ' ', '\t'])('an empty value (%j) is not set, at each level', (empty) => {
    write('.env', 'PORT=4001\nTEMPLATE_CODE=111111\n');
    write('.env.local', `PORT=4002\nTEMPLATE_CODE=${empty}\n`);
    expect(load({ PORT: empty, TEMPLATE_CODE: empty })).toMatchObject({
      port: 4002,
      template: { code: '111111' },
    });
    write('.env.local', `PORT='${empty}'\nTEMPLATE_CODE="${empty}" # nothing\n`);
    expect(load({ PORT: undefined })).toMatchObject({ port: 4001, template: { code: '111111' } });
  });

  it('a secret of .env.local is the one that is used', () => {
    write('.env.local', 'APP_SECRET=the secret of this machine\n');
    expect(loadSettings(folder.path, {}).appSecret).toBe('the secret of this machine');
  });
});

describe('in production', () => {
  const production = {
    NODE_ENV: 'production',
    DATABASE_URL: 'sqlite:users.db',
    SMS_PROVIDER: 'webhook',
    SMS_WEBHOOK_URL: 'http://127.0.0.1:9/sms',
    SMS_WEBHOOK_SECRET: 'whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ=',
  };

  it.each(['production', 'Production', ' production '])(
    'neither file is read where NODE_ENV is %j',
    (NODE_ENV) => {
      write('.env', 'PORT=4001\n');
      write('.env.local', Buffer.from('PORT=4002\n', 'utf16le'));
      expect(load({ ...production, NODE_ENV }).port).toBe(3000);
      write('.env.local', `APP_SECRET=${SECRET}\n`);
      expect(refusal({ ...production, NODE_ENV, APP_SECRET: undefined })).toMatch(/\bAPP_SECRET\b/);
    },
  );

  it.each(['.env', '.env.local'])('%s alone does not make it production', (name) => {
    write(name, 'NODE_ENV=production\n');
    expect(refusal({ ...production, NODE_ENV: undefined })).toMatch(/\bNODE_ENV\b.*\.env\.local/);
    expect(load({ ...production, NODE_ENV: 'development' }).environment).toBe('development');
  });
});

describe.each(['.env', '.env.local'])('%s as editors write it', (name) => {
  it.each([
    ['with the byte order mark of UTF-8', '\uFEFFPORT=4001\nTEMPLATE_CODE=111111\n'],
    ['with CRLF', '# Comment\r\nPORT=4001\r\n\r\nTEMPLATE_CODE=111111\r\n'],
    ['without a last line break', 'PORT=4001\nTEMPLATE_CODE=111111'],
    ['with export', 'export PORT=4001\n  export\tTEMPLATE_CODE=111111\n'],
    ['with blanks', '  PORT = 4001  \n\tTEMPLATE_CODE\t=\t111111\t\n'],
    ['with quotes', 'PORT="4001"\nTEMPLATE_CODE=\'111111\'\n'],
    [
      'with comments',
      '  # PORT=4000\nPORT=4001 # a port\nTEMPLATE_CODE="111111"\t# "six" digits\n#PORT=4002',
    ],
  ])('%s', (_, content) => {
    write(name, content);
    expect(load()).toMatchObject({ port: 4001, template: { code: '111111' } });
  });

  it.each([
    ['APP_SECRET=0123456789abcdef#ghi=jkl', '0123456789abcdef#ghi=jkl'],
    ['APP_SECRET=0123456789abcdef ghi # a comment', '0123456789abcdef ghi'],
    [`APP_SECRET="0123456789 # \\"abcdef\\" 'gh'" # a comment`, `0123456789 # "abcdef" 'gh'`],
    [`APP_SECRET='0123456789 # "abc\\def"'`, '0123456789 # "abc\\def"'],
    ['APP_SECRET=`0123456789 # "abc" \'def\'`', '0123456789 # "abc" \'def\''],
    ['APP_SECRET="päßwörter-äöüß"', 'päßwörter-äöüß'],
  ])('a secret comes out whole: %s', (line, secret) => {
    write(name, `${line}\nPORT=4001\n`);
    expect(loadSettings(folder.path, {})).toMatchObject({ appSecret: secret, port: 4001 });
  });
});

describe.each(['.env', '.env.local'])('%s that is not what it seems stops the start', (name) => {
  it.each([
    ['little-endian UTF-16', Buffer.from('\uFEFFPORT=4001\n', 'utf16le'), 'UTF-16'],
    ['big-endian UTF-16', Buffer.from('\uFEFFPORT=4001\n', 'utf16le').swap16(), 'UTF-16'],
    ['UTF-16 without a byte order mark', Buffer.from('PORT=4001\n', 'utf16le'), 'UTF-16'],
    ['Latin-1', Buffer.from('PORT=4001\nADMIN_PASSWORD=hunter2é\n', 'latin1'), 'UTF-8'],
    ['a line without =', 'PORT=4001\nhunter2\n', 'line 2'],
    ['a name with a blank', 'PORT=4001\n\nADMIN PASSWORD=hunter2\n', 'line 3'],
    ['no name', '=hunter2\n', 'line 1'],
    ['an open quote', 'ADMIN_PASSWORD="hunter2\nPORT=4001\n', 'line 1'],
    ['more after the quote', 'ADMIN_PASSWORD="hunter2"hunter2\n', 'line 1'],
  ])('%s', (_, content, reason) => {
    write(name, content);
    const said = refusal();
    expect(said.split(' ')[0]).toBe(name);
    expect(said).toContain(reason);
    expect(said).not.toContain('hunter2');
  });

  it('a folder of that name', () => {
    mkdirSync(join(folder.path, name));
    expect(refusal()).toBe(`${name} can't be read (EISDIR)`);
  });

  it('the operator is told in one line and with exit code 1', async () => {
    write(name, Buffer.from('\uFEFFPORT=4001\n', 'utf16le'));
    const started = await spawnServer({}, { cwd: folder.path, timeout: 60_000 }).catch(
      (error: unknown) => error,
    );
    if (!(started instanceof ServerDidNotStart)) throw new Error('It started');
    expect(started.exitCode).toBe(1);
    expect(started.logs).toBe(`Can't start: ${name} is UTF-16 text: save it as UTF-8\n`);
  });
});
