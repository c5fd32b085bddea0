import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { createApp } from './app.setup.js';
import { ensureFirstAdministrator } from './first-administrator.js';
import { loadSettings } from './shared/config/load-settings.js';
import { SettingsError } from './shared/config/settings.js';

async function start(): Promise<void> {
  const settings = loadSettings();
  const app = await createApp(settings);
  await ensureFirstAdministrator(app, settings);
  await app.listen(settings.port, settings.host);
  const { port } = app.getHttpServer().address() as AddressInfo;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  const address = `http://${host}:${port}`;
  new Logger('Server').log(`Listening on ${address} (Swagger UI: ${address}/docs)`);
}

start().catch((error: unknown) => {
  // Before the logger is there, or in place of it: one line that says what to change.
  if (error instanceof SettingsError) process.stderr.write(`Can't start: ${error.message}\n`);
  else
    process.stderr.write(
      `Can't start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  process.exit(1);
});
