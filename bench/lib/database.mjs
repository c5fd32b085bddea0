import { execFile } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';

const run = promisify(execFile);

/** A port that is free right now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * A MariaDB server of this run's own, with the durability that production has: every commit is on the disk before it is
 * answered. `BENCH_DATABASE_URL` (`mysql://user:password@host:port`) takes another server instead, whose processor time
 * is then not measured.
 *
 * @returns {Promise<{ url: string, pid: number | null, stop: () => Promise<void> }>}
 */
export async function startDatabase() {
  const given = process.env.BENCH_DATABASE_URL;
  if (given) return { url: given.replace(/\/+$/, ''), pid: null, stop: async () => undefined };

  const binary = ['/usr/sbin/mariadbd', '/usr/bin/mariadbd'].find((path) => existsSync(path));
  if (!binary) throw new Error('mariadbd is not installed; install it or set BENCH_DATABASE_URL');
  const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'users-api-bench-'));
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
  await run('mariadb-install-db', [
    '--no-defaults',
    ...asRoot,
    `--datadir=${folder}/data`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--skip-name-resolve',
    '--force',
  ]);
  writeFileSync(
    join(folder, 'init.sql'),
    "CREATE USER IF NOT EXISTS 'bench'@'%' IDENTIFIED BY 'bench';\nGRANT ALL PRIVILEGES ON *.* TO 'bench'@'%';\n",
  );
  const port = await freePort();
  const server = spawn(
    binary,
    [
      '--no-defaults',
      ...asRoot,
      `--datadir=${folder}/data`,
      `--socket=${folder}/socket`,
      `--pid-file=${folder}/pid`,
      `--init-file=${folder}/init.sql`,
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      '--skip-name-resolve',
      '--innodb-buffer-pool-size=4G',
      '--innodb-flush-log-at-trx-commit=1',
      '--innodb-log-file-size=1G',
      '--max-connections=300',
    ],
    { stdio: 'ignore' },
  );
  const url = `mysql://bench:bench@127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt++) {
    try {
      await (await createConnection(url)).end();
      break;
    } catch (error) {
      if (attempt === 300 || server.exitCode !== null) throw error;
      await delay(100);
    }
  }
  return {
    url,
    pid: server.pid,
    async stop() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes an empty database, in place of one of that name, and returns its address. */
export async function createDatabase(serverUrl, name) {
  const connection = await createConnection(serverUrl);
  await connection.query(`DROP DATABASE IF EXISTS ${name}`);
  await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  await connection.end();
  return `${serverUrl}/${name}`;
}
