import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { createApp } from './app.setup.js';
import { ensureFirstAdministrator } from './first-administrator.js';
import { stopOnSignal } from './graceful-stop.js';
import { loadSettings } from './shared/config/load-settings.js';
import { type Settings, SettingsError } from './shared/config/settings.js';

async function start(): Promise<void> {
  const settings = loadSettings();
  const app = await createApp(settings);
  stopOnSignal(app, settings.shutdownDelay);
  await ensureFirstAdministrator(app, settings);
  await app.listen(settings.port, settings.host).catch((error: NodeJS.ErrnoException) => {
    throw addressError(error, settings) ?? error;
  });
  const { port } = app.getHttpServer().address() as AddressInfo;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  const address = `http://${host}:${port}`;
  new Logger('Server').log(`Listening on ${address} (Swagger UI: ${address}/docs)`);
}

/** Explains why the server can't listen, where HOST or PORT is the reason. */
function addressError({ code }: NodeJS.ErrnoException, { host, port }: Settings): SettingsError | null {
  if (code === 'EADDRINUSE') return new SettingsError(`PORT ${port} is taken already`);
  if (code === 'EACCES') return new SettingsError(`PORT ${port} needs rights that this process has not`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EINVAL') {
    return new SettingsError(`HOST ${host} is no address of this machine`);
  }
  return null;
}

start().catch((error: unknown) => {
  // The logger may not exist yet.
  if (error instanceof SettingsError) process.stderr.write(`Can't start: ${error.message}\n`);
  else
    process.stderr.write(
      `Can't start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  process.exit(1);
});
