import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';
import { inject } from 'vitest';
import { connectionOptions, withDatabase } from './database-url.js';
import { temporaryFolder } from './processes.js';
import type { DatabaseKind } from './tools.js';

export type { DatabaseKind } from './tools.js';

export interface TestDatabase {
  /** To be handed to the application as DATABASE_URL. */
  url: string;
  drop(): Promise<void>;
}

/** What this file is being run against. */
export const databaseKind: DatabaseKind = inject('database').kind;

export async function freshDatabase(): Promise<TestDatabase> {
  const home = inject('databaseHome');
  if ('failure' in home) throw new Error(home.failure);
  if (home.server === null) {
    const folder = temporaryFolder('sqlite');
    return { url: `sqlite:${join(folder.path, 'users.db')}`, drop: async () => folder.remove() };
  }

  const { url: serverUrl, isOurs } = home.server;
  const name = `${home.prefix}${randomBytes(6).toString('hex')}`;
  const run = (statement: string) => mysqlQuery(serverUrl, statement);
  await run(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  const url = withDatabase(serverUrl, name);
  if (!isOurs) return { url, drop: async () => void (await run(`DROP DATABASE IF EXISTS ${name}`)) };

  // An own user, with rights to this database alone, whose password the server has not seen and cached yet: its first
  // connection goes the longest way that there is.
  const password = decodeURIComponent(new URL(url).password);
  await run(`CREATE USER ${name} IDENTIFIED BY '${password}'`);
  await run(`GRANT ALL PRIVILEGES ON ${name}.* TO ${name}`);
  return {
    url: Object.assign(new URL(url), { username: name }).href,
    async drop() {
      await run(`DROP DATABASE IF EXISTS ${name}`);
      await run(`DROP USER IF EXISTS ${name}`);
    },
  };
}

/**
 * Runs a statement beside the application and returns its rows. Parameters are `?`; backquotes quote names in all
 * three; times come as the strings that are stored.
 */
export async function sql<Row = Record<string, unknown>>(
  url: string,
  query: string,
  params: unknown[] = [],
): Promise<Row[]> {
  const rows = url.startsWith('sqlite:')
    ? sqliteQuery(url.slice('sqlite:'.length), query, params)
    : await mysqlQuery(url, query, params);
  return rows as Row[];
}

function sqliteQuery(path: string, query: string, params: unknown[]): unknown[] {
  const database = new Sqlite(path, { fileMustExist: true, timeout: 5_000 });
  try {
    const statement = database.prepare(query);
    if (statement.reader) return statement.all(...params);
    statement.run(...params);
    return [];
  } finally {
    database.close();
  }
}

async function mysqlQuery(url: string, query: string, params: unknown[] = []): Promise<unknown[]> {
  const connection = await createConnection(connectionOptions(url));
  try {
    const [rows] = await connection.query(query, params);
    return Array.isArray(rows) ? rows : [];
  } finally {
    await connection.end();
  }
}
