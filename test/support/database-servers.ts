import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { connectionOptions } from './database-url.js';
import { freePort, type RunningProcess, start, temporaryFolder, type TemporaryFolder } from './processes.js';
import type { Database, DatabaseKind } from './tools.js';
import { waitFor } from './wait-for.js';

export interface DatabaseServer {
  /** `mysql://user:password@host:port`, of a user who may do anything. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts a private server, or hands out the external one. */
export async function startDatabaseServer(
  kind: DatabaseKind,
  server: NonNullable<Database['server']>,
): Promise<DatabaseServer> {
  if ('url' in server) return { url: server.url, stop: async () => undefined };

  const folder = temporaryFolder(kind, server.chroot && join(server.chroot, 'tmp'));
  try {
    // Within a chroot the same folder has another name.
    const path = server.chroot ? folder.path.slice(server.chroot.replace(/\/+$/, '').length) : folder.path;
    const run: Run = { folder, path, command: inChroot(server.chroot), binary: server.binary };
    if (server.installer) await installMariaDb(run, server.installer);
    else await installMySql(run);
    return await startServer(run, kind === 'mariadb' ? 'PASSWORD' : 'caching_sha2_password');
  } catch (error) {
    folder.remove();
    throw error;
  }
}

interface Run {
  folder: TemporaryFolder;
  /** The folder as the server sees it. */
  path: string;
  command: (binary: string, args: string[]) => [string, string[]];
  binary: string;
}

function inChroot(chroot: string | undefined): Run['command'] {
  return (binary, args) => (chroot ? ['chroot', [chroot, binary, ...args]] : [binary, args]);
}

// The servers refuse to run as root unless they are told to.
const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];

// Nothing of this outlives the run, so that durability is paid for in vain.
const fast = [
  '--innodb-buffer-pool-size=64M',
  '--innodb-flush-log-at-trx-commit=0',
  '--innodb-flush-method=O_DIRECT_NO_FSYNC',
  '--innodb-doublewrite=0',
  '--sync-binlog=0',
  '--skip-log-bin',
  '--performance-schema=OFF',
];

async function installMariaDb({ path }: Run, installer: string): Promise<void> {
  await promisify(execFile)(installer, [
    '--no-defaults',
    ...asRoot,
    `--datadir=${path}/data`,
    `--tmpdir=${path}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--skip-name-resolve',
    // Do not insist on looking up this machine's own name.
    '--force',
  ]);
}

async function installMySql({ path, command, binary }: Run): Promise<void> {
  const args = ['--no-defaults', '--initialize-insecure', ...asRoot, '--auto-generate-certs=OFF'];
  await promisify(execFile)(...command(binary, [...args, `--datadir=${path}/data`, `--tmpdir=${path}`]));
}

async function startServer(run: Run, plugin: string): Promise<DatabaseServer> {
  // Characters that a URL cannot hold as they are, because real passwords have them.
  const password = `p@ss:w/rd%#${randomBytes(12).toString('hex')}`;
  const identified =
    plugin === 'PASSWORD' ? `IDENTIFIED BY '${password}'` : `IDENTIFIED WITH ${plugin} BY '${password}'`;
  writeFileSync(
    join(run.folder.path, 'init.sql'),
    `ALTER USER 'root'@'localhost' IDENTIFIED BY '${randomBytes(12).toString('hex')}';\n` +
      `CREATE USER IF NOT EXISTS 'tester'@'%' ${identified};\n` +
      `GRANT ALL PRIVILEGES ON *.* TO 'tester'@'%' WITH GRANT OPTION;\n`,
    { mode: 0o600 },
  );

  let failure = '';
  // Another program may take the free port first.
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const port = await freePort();
    const url = `mysql://tester:${encodeURIComponent(password)}@127.0.0.1:${port}`;
    const server = launch(run, port);
    if (await answers(url, server)) {
      return {
        url,
        async stop() {
          await server.kill9();
          run.folder.remove();
        },
      };
    }
    await server.kill9();
    failure = server.output();
  }
  throw new Error(failure.trim().split('\n').slice(-12).join('\n'));
}

function launch({ path, command, binary }: Run, port: number): RunningProcess {
  const args = [
    '--no-defaults',
    ...asRoot,
    `--datadir=${path}/data`,
    `--tmpdir=${path}`,
    `--socket=${path}/socket`,
    `--pid-file=${path}/pid`,
    `--init-file=${path}/init.sql`,
    '--bind-address=127.0.0.1',
    `--port=${port}`,
    '--skip-name-resolve',
    '--secure-file-priv=',
    '--max-connections=300',
    // Far from UTC, so that a time which passes through the server's zone comes out wrong.
    '--default-time-zone=+05:30',
    '--loose-mysqlx=OFF',
    '--loose-auto-generate-certs=OFF',
    ...fast,
  ];
  return start(...command(binary, args));
}

async function answers(url: string, server: RunningProcess): Promise<boolean> {
  let ended = false;
  void server.exited.then(() => (ended = true));
  const connects = async () => {
    if (ended) return 'ended';
    const connection = await createConnection(connectionOptions(url));
    await connection.end();
    return 'ready';
  };
  return (await waitFor(connects, { timeout: 60_000, interval: 100 }).catch(() => 'silent')) === 'ready';
}
