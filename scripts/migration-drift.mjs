// Migrates an empty database (DATABASE_URL, or SQLite in memory) and says in which way the entities differ from it.
import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { schemaWith } from '../dist/src/schema.js';
import { dataSourceOptions } from '../dist/src/shared/database/data-source-options.js';
import { migrate } from '../dist/src/shared/database/migrate.js';

const url = process.env.DATABASE_URL ?? 'sqlite::memory:';
const dataSource = await new DataSource(
  await dataSourceOptions(url, schemaWith([]), { poolSize: 2 }),
).initialize();
try {
  await migrate(dataSource);
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  for (const { query } of upQueries) console.error(query);
  if (upQueries.length > 0) {
    console.error(
      'The entities are not what the migrations make of the database (above: what would change).',
    );
    process.exitCode = 1;
  }
} finally {
  await dataSource.destroy();
}
