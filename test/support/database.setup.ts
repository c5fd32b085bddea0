import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import type { TestProject } from 'vitest/node';
import { startDatabaseServer } from './database-servers.js';
import { connectionOptions } from './database-url.js';
import type { Database } from './tools.js';

/** Where the tests of one Vitest project make their databases. */
export type DatabaseHome =
  { server: { url: string; isOurs: boolean } | null; prefix: string } | { failure: string };

declare module 'vitest' {
  interface ProvidedContext {
    database: Database;
    databaseHome: DatabaseHome;
    redis: string | null;
    chromium: string | null;
    leftOut: string[];
  }
}

export default async function setUp(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const { kind, server } = project.getProvidedContext().database;
  const prefix = `test_${randomBytes(4).toString('hex')}_`;
  if (!server) {
    project.provide('databaseHome', { server: null, prefix });
    return undefined;
  }

  try {
    const { url, stop } = await startDatabaseServer(kind, server);
    const isOurs = !('url' in server);
    project.provide('databaseHome', { server: { url, isOurs }, prefix });
    return async () => {
      if (!isOurs) await dropDatabases(url, prefix);
      await stop();
    };
  } catch (error) {
    // Thrown from here it would end the whole run; this way the run fails, but the other projects are tested.
    const failure = `${project.name}: the server could not be started: ${(error as Error).message}`;
    project.vitest.state.catchError(new Error(failure), 'Database Error');
    project.provide('databaseHome', { failure });
    return undefined;
  }
}

// A test that was interrupted did not drop its database, and this server outlives the run.
async function dropDatabases(url: string, prefix: string): Promise<void> {
  const connection = await createConnection(connectionOptions(url));
  try {
    const [rows] = await connection.query('SHOW DATABASES LIKE ?', [`${prefix.replaceAll('_', '\\_')}%`]);
    for (const row of rows as Record<string, string>[]) {
      await connection.query(`DROP DATABASE \`${Object.values(row)[0]}\``);
    }
  } finally {
    await connection.end();
  }
}
