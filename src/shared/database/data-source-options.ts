import { createConnection } from 'mysql2/promise';
import {
  type DataSourceOptions,
  DefaultNamingStrategy,
  type MixedList,
  type NamingStrategyInterface,
} from 'typeorm';
import { type DatabaseLocation, parseDatabaseUrl } from '../config/database-url.js';
import { snakeCase } from '../lib/casing.js';

/** What is stored, gathered by the composition root. */
export interface Schema {
  // oxlint-disable-next-line typescript/no-unsafe-function-type -- TypeORM's own type for classes
  readonly entities: Function[];
  // oxlint-disable-next-line typescript/no-unsafe-function-type -- TypeORM's own type for classes
  readonly migrations: Function[];
}

const CONNECT_TIMEOUT_MS = 5000;

/** `createdAt` is `created_at` in the database. */
class SnakeNamingStrategy extends DefaultNamingStrategy implements NamingStrategyInterface {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? snakeCase(propertyName);
  }

  override joinColumnName(relationName: string, referencedColumnName: string): string {
    return `${snakeCase(relationName)}_${referencedColumnName}`;
  }
}

/** TypeORM's options for the database at `url`. A MySQL-family server is asked which of the two it is. */
export async function dataSourceOptions(
  url: string,
  schema: Schema,
  { poolSize }: { poolSize: number },
): Promise<DataSourceOptions> {
  const location = parseDatabaseUrl(url);
  const common = {
    entities: schema.entities as MixedList<never>,
    migrations: schema.migrations as MixedList<never>,
    migrationsTableName: 'schema_migrations',
    namingStrategy: new SnakeNamingStrategy(),
    // The filter logs what fails, with the request's id; TypeORM would print parameters, and so personal data.
    logging: false,
  } as const;
  if (location.kind === 'sqlite') {
    return { ...common, type: 'better-sqlite3', database: location.path, enableWAL: true };
  }
  const { kind: _, ssl, user: username, ...server } = location;
  return {
    ...common,
    ...server,
    username,
    type: await serverType(location),
    charset: 'utf8mb4',
    // Times go in and out as UTC, independent of the server's and this machine's zone; plain dates stay text, or they
    // would become local midnights.
    timezone: 'Z',
    dateStrings: ['DATE'],
    connectTimeout: CONNECT_TIMEOUT_MS,
    poolSize,
    ...(ssl ? { ssl: {} } : {}),
  };
}

/** TypeORM wants to know: the two differ in column defaults and in what they support. */
async function serverType(
  location: Extract<DatabaseLocation, { kind: 'mysql' }>,
): Promise<'mysql' | 'mariadb'> {
  const { kind: _, ssl, ...server } = location;
  const connection = await createConnection({
    ...server,
    connectTimeout: CONNECT_TIMEOUT_MS,
    ...(ssl ? { ssl: {} } : {}),
  });
  try {
    const [rows] = await connection.query('SELECT VERSION() AS version');
    return /mariadb/i.test((rows as [{ version: string }])[0].version) ? 'mariadb' : 'mysql';
  } finally {
    connection.destroy();
  }
}
