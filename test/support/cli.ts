import { resolve } from 'node:path';
import { start, temporaryFolder } from './processes.js';
import type { TestApp } from './test-app.js';

const entry = resolve(import.meta.dirname, '../../dist/src/cli.js');

/** The command line on the database of an application, with its secret unless told otherwise. */
export async function cli(
  { database }: Pick<TestApp, 'database'>,
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; output: string }> {
  const folder = temporaryFolder('cli');
  const command = start(process.execPath, [entry, ...args], {
    cwd: folder.path,
    env: {
      ...process.env,
      NODE_ENV: 'test',
      DATABASE_URL: database.url,
      APP_SECRET: 'the secret of the tests',
      ...env,
    },
  });
  const code = await command.exited;
  folder.remove();
  return { code, output: command.output() };
}
