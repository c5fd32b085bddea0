// Writes openapi.json from the compiled application; with --check only says whether it is what is committed.
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../dist/src/app.setup.js';
import { loadSettings } from '../dist/src/shared/config/load-settings.js';
import { buildDocument } from '../dist/src/shared/openapi/document.js';

const file = new URL('../openapi.json', import.meta.url);
const directory = mkdtempSync(join(tmpdir(), 'openapi-'));
try {
  const environment = { NODE_ENV: 'test', LOG_LEVEL: 'silent', DATABASE_URL: 'sqlite::memory:' };
  const app = await createApp(loadSettings(directory, environment), { extensions: [] });
  await app.init();
  const document = `${JSON.stringify(buildDocument(app), null, 2)}\n`;
  await app.close();
  if (!process.argv.includes('--check')) writeFileSync(file, document);
  else if (readFileSync(file, 'utf8') !== document) {
    console.error('openapi.json is not what the code says. Run: npm run openapi');
    process.exitCode = 1;
  }
} finally {
  rmSync(directory, { recursive: true });
}
