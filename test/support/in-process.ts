import type { INestApplication } from '@nestjs/common';
import { createApp } from '#app/app.setup.js';
import type { Extension } from '#app/extensions.js';
import { ensureFirstAdministrator } from '#app/first-administrator.js';
import { loadSettings } from '#app/shared/config/load-settings.js';
import { createLogger } from '#app/shared/observability/logger.js';
import { Clock } from '#app/shared/lib/clock.js';
import type { TestClock } from './clock.js';
import { temporaryFolder } from './processes.js';

export interface RunningInProcess {
  readonly nest: INestApplication;
  readonly url: string;
  logs(): string;
  stop(): Promise<void>;
}

/** The compiled application in the test's own process, on a free port. */
export async function runInProcess(
  env: Record<string, string | undefined>,
  clock: TestClock,
  extensions?: Extension[],
): Promise<RunningInProcess> {
  const folder = temporaryFolder('in-process');
  const lines: string[] = [];
  const settings = loadSettings(folder.path, { HOST: '127.0.0.1', ...env });
  const logger = createLogger(
    settings.logLevel,
    { pretty: false },
    { write: (line) => void lines.push(line) },
  );
  const nest = await createApp(settings, { logger, ...(extensions && { extensions }) });
  nest.get(Clock).now = () => clock.now();
  await ensureFirstAdministrator(nest, settings);
  await nest.listen(0, settings.host);
  return {
    nest,
    url: await nest.getUrl(),
    logs: () => lines.join(''),
    async stop() {
      await nest.close();
      folder.remove();
    },
  };
}
