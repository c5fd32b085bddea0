import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '#app/app.setup.js';
import type { Extension } from '#app/extensions.js';
import { ensureFirstAdministrator } from '#app/first-administrator.js';
import { loadSettings } from '#app/shared/config/load-settings.js';
import { createLogger } from '#app/shared/observability/logger.js';
import { Clock } from '#app/shared/lib/clock.js';
import { type Client, client } from './client.js';
import { temporaryFolder } from './processes.js';

/** The APP_SECRET of `startApplication`, for servers that share its database. */
export const TEST_SECRET = 'the secret of the tests';

export interface TestApplication {
  readonly app: NestFastifyApplication;
  readonly url: string;
  readonly client: Client;
  /** What it logged so far. */
  readonly logs: () => string;
  readonly close: () => Promise<void>;
}

export interface ApplicationOptions {
  readonly extensions?: Extension[];
  /** In place of the system's. */
  readonly now?: () => Date;
}

/** The compiled application in this very process, for tests that need to reach into it. */
export async function startApplication(
  env: Record<string, string | undefined>,
  { extensions = [], now }: ApplicationOptions = {},
): Promise<TestApplication> {
  const folder = temporaryFolder('application');
  const settings = loadSettings(folder.path, {
    NODE_ENV: 'test',
    PORT: '0',
    BCRYPT_COST: '4',
    APP_SECRET: TEST_SECRET,
    RATE_LIMIT: 'off',
    ...env,
  });
  const lines: string[] = [];
  const logger = createLogger('info', { pretty: false }, { write: (line: string) => void lines.push(line) });
  const app = await createApp(settings, { extensions, logger });
  if (now) app.get(Clock).now = now;
  await ensureFirstAdministrator(app, settings);
  await app.listen(settings.port, settings.host);
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    app,
    url,
    client: client(url),
    logs: () => lines.join(''),
    async close() {
      await app.close();
      folder.remove();
    },
  };
}
