import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { connectionOptions } from './database-url.js';

export type DatabaseKind = 'sqlite' | 'mariadb' | 'mysql';

/** A database that the tests run against, and how to come by it. */
export interface Database {
  /** The name of its Vitest project. */
  name: string;
  kind: DatabaseKind;
  /** `url`: a server that runs already; `binary`: one to start, in the directory tree `chroot` if there is one. */
  server?: { url: string } | { binary: string; installer?: string; chroot?: string };
}

export interface Tools {
  databases: Database[];
  redis: string | null;
  chromium: string | null;
  /** What this machine lacks and what is not tested for that reason. */
  leftOut: string[];
}

/** Looks at what this machine has to test with. Asking for something that is not there is an error. */
export async function findTools(): Promise<Tools> {
  const databases: Database[] = [{ name: 'sqlite', kind: 'sqlite' }];
  const leftOut: string[] = [];

  const mariadb = findMariaDb();
  if (mariadb) databases.push(mariadb);
  const mysql = findMySql();
  if (mysql) databases.push(mysql);
  const external = await findExternal();
  if (external) databases.push(external);

  const kinds = new Set(databases.map((database) => database.kind));
  if (!kinds.has('mariadb')) {
    leftOut.push('MariaDB (no mariadbd with mariadb-install-db found; install it or set TEST_DATABASE_URL)');
  }
  if (!kinds.has('mysql')) {
    leftOut.push('MySQL (no mysqld found; install it or set TEST_MYSQL_CHROOT or TEST_DATABASE_URL)');
  }
  const redis = findRedis();
  if (!redis) leftOut.push('Redis (no redis-server found; install it or set TEST_REDIS_BINARY)');
  const chromium = find('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable');
  if (!chromium) leftOut.push('the browser (no chromium or google-chrome found)');

  return { databases, redis, chromium, leftOut };
}

function findMariaDb(): Database | undefined {
  const binary = [find('mariadbd'), find('mysqld')].find((path) => path && isMariaDb(path));
  const installer = find('mariadb-install-db', 'mysql_install_db');
  return binary && installer
    ? { name: 'mariadb', kind: 'mariadb', server: { binary, installer } }
    : undefined;
}

function findMySql(): Database | undefined {
  const chroot = process.env['TEST_MYSQL_CHROOT'];
  if (chroot) {
    if (!existsSync(join(chroot, 'usr/sbin/mysqld'))) {
      throw new Error(`TEST_MYSQL_CHROOT: there is no usr/sbin/mysqld in ${chroot}`);
    }
    return { name: 'mysql', kind: 'mysql', server: { binary: 'mysqld', chroot } };
  }
  const binary = find('mysqld');
  return binary && !isMariaDb(binary) ? { name: 'mysql', kind: 'mysql', server: { binary } } : undefined;
}

async function findExternal(): Promise<Database | undefined> {
  const url = process.env['TEST_DATABASE_URL'];
  if (!url) return undefined;
  const version = await serverVersion(url).catch((cause: unknown) => {
    throw new Error('TEST_DATABASE_URL: the server cannot be reached', { cause });
  });
  const kind = /mariadb/i.test(version) ? 'mariadb' : 'mysql';
  return { name: `${kind}-${version.replace(/[^\d.].*$/, '')}`, kind, server: { url } };
}

async function serverVersion(url: string): Promise<string> {
  const connection = await createConnection(connectionOptions(url));
  try {
    const [rows] = await connection.query('SELECT VERSION() AS version');
    return (rows as { version: string }[])[0]!.version;
  } finally {
    await connection.end();
  }
}

function findRedis(): string | null {
  const named = process.env['TEST_REDIS_BINARY'];
  if (named && !isExecutable(named)) throw new Error(`TEST_REDIS_BINARY: ${named} cannot be run`);
  return named || find('redis-server');
}

// Debian links mysqld to mariadbd: only the program itself knows what it is.
function isMariaDb(binary: string): boolean {
  return /mariadb/i.test(execFileSync(binary, ['--version'], { encoding: 'utf8' }));
}

// The sbin folders hold servers, but are on the PATH of root alone.
function find(...names: string[]): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  const paths = names.flatMap((name) => folders.filter(Boolean).map((folder) => join(folder, name)));
  return paths.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
