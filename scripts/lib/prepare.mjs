// Runs before anything is installed: nothing but Node itself may be imported here.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const compiledFrom = [
  'main.ts',
  'ormconfig.ts',
  'src',
  'tsconfig.json',
  'tsconfig.build.json',
  'nest-cli.json',
];

/** Brings a fresh or updated clone to the point where dist/ can be run. */
export function prepare() {
  ensureNode();
  ensureInstalled();
  ensureBuilt();
}

export function ensureNode() {
  const wanted = readJson('package.json').engines.node.replace(/^>=/, '');
  const [major, minor = 0] = wanted.split('.').map(Number);
  const [hasMajor, hasMinor] = process.versions.node.split('.').map(Number);
  if (hasMajor < major || (hasMajor === major && hasMinor < minor)) {
    console.error(`Node.js ${wanted} or newer is needed, this is ${process.versions.node}.`);
    process.exit(1);
  }
}

export function ensureInstalled() {
  if (isInstalled()) return;
  console.error('Installing what package-lock.json names (npm ci) ...');
  // NODE_ENV=production would leave out the compiler.
  npm('ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error');
}

export function ensureBuilt() {
  if (isBuilt()) return;
  console.error('Compiling the sources to dist/ (npm run build) ...');
  npm('run', '--silent', 'build');
}

// Compared by content: git sets the time of a file that it checks out to now, and a reinstallation for that
// alone would need the network for nothing.
function isInstalled() {
  const installedLock = 'node_modules/.package-lock.json';
  if (!existsSync(join(root, installedLock))) return false;
  const installed = readJson(installedLock).packages;
  return Object.entries(readJson('package-lock.json').packages).every(([path, wanted]) => {
    const found = installed[path];
    // An optional package is left out by npm where it is made for another platform.
    if (path === '' || (!found && wanted.optional)) return true;
    return found?.version === wanted.version && found.integrity === wanted.integrity;
  });
}

function isBuilt() {
  const entry = join(root, 'dist/main.js');
  if (!existsSync(entry)) return false;
  const builtAt = statSync(entry).mtimeMs;
  return compiledFrom.every((name) => newestChange(join(root, name)) <= builtAt);
}

// A folder's own time counts too: it is all that a deleted or renamed file leaves behind.
function newestChange(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

function npm(...args) {
  const windows = process.platform === 'win32';
  const { status, error } = spawnSync(windows ? 'npm.cmd' : 'npm', args, {
    cwd: root,
    // The standard output belongs to the command that is run in the end.
    stdio: ['inherit', 2, 2],
    shell: windows,
  });
  if (error) console.error(`npm could not be run: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

function readJson(name) {
  return JSON.parse(readFileSync(join(root, name), 'utf8'));
}
