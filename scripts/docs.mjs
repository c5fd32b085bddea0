// Writes what the documents say of the code: the tables of docs/architecture.md from the compiled application,
// docs/settings.md from .env, the map of CONTRIBUTING.md. With --check only says whether they are what is committed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventTable } from './docs/events.mjs';
import { map } from './docs/map.mjs';
import { between, read, save } from './docs/markdown.mjs';
import { routeTable } from './docs/routes.mjs';
import { settingsPage } from './docs/settings.mjs';
import { load } from './docs/sources.mjs';

const options = { check: process.argv.includes('--check') };
const directory = mkdtempSync(join(tmpdir(), 'docs-'));
try {
  const [createApp, loadSettings] = [await load('createApp'), await load('loadSettings')];
  const environment = { NODE_ENV: 'test', LOG_LEVEL: 'silent', DATABASE_URL: 'sqlite::memory:' };
  const app = await createApp(loadSettings(directory, environment), { extensions: [] });
  await app.init();
  let architecture = read('docs/architecture.md');
  architecture = between(architecture, 'routes', await routeTable(app));
  architecture = between(architecture, 'events', await eventTable(app));
  await app.close();

  const files = {
    'docs/architecture.md': architecture,
    'docs/settings.md': settingsPage(),
    'CONTRIBUTING.md': between(read('CONTRIBUTING.md'), 'map', map()),
  };
  for (const [name, content] of Object.entries(files)) {
    if (await save(name, content, options)) continue;
    console.error(`${name} is not what the code says. Run: npm run docs`);
    process.exitCode = 1;
  }
} finally {
  rmSync(directory, { recursive: true });
}
