import type { DataSource } from 'typeorm';
import { withoutDeadlines } from './mysql-driver.js';

const LOCK_NAME = 'general_users_api_migrations';
const LOCK_WAIT_SECONDS = 120;

/**
 * Brings the schema up to date. Replicas that start together take turns: the first migrates, the rest find nothing
 * left to do. (A Galera cluster has no such lock across nodes: there, migrate once before the roll-out.)
 *
 * @returns the names of the migrations that ran
 */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  return withoutDeadlines(dataSource, async () => {
    const release = await lock(dataSource);
    try {
      const done = await dataSource.runMigrations({ transaction: 'each' });
      return done.map((migration) => migration.name);
    } finally {
      await release();
    }
  });
}

async function lock(dataSource: DataSource): Promise<() => Promise<void>> {
  if (dataSource.options.type === 'better-sqlite3') return async () => undefined;
  const runner = dataSource.createQueryRunner();
  const [row] = (await runner.query('SELECT GET_LOCK(?, ?) AS locked', [LOCK_NAME, LOCK_WAIT_SECONDS])) as [
    { locked: number | string | null },
  ];
  if (Number(row.locked) !== 1) {
    await runner.release();
    throw new Error('Another process has been migrating this database for two minutes');
  }
  return async () => {
    await runner.query('SELECT RELEASE_LOCK(?)', [LOCK_NAME]);
    await runner.release();
  };
}
