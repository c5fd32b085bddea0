import { readFileSync } from 'node:fs';
import { createConnection } from 'mysql2/promise';
import {
  type DataSourceOptions,
  DefaultNamingStrategy,
  type MixedList,
  type NamingStrategyInterface,
} from 'typeorm';
import { type DatabaseLocation, parseDatabaseUrl, type Tls } from '../config/database-url.js';
import { SettingsError } from '../config/settings.js';
import { snakeCase } from '../lib/casing.js';
import { whileConnecting } from './database-errors.js';
import { MysqlDriver } from './mysql-driver.js';

/** What is stored, gathered by the composition root. */
export interface Schema {
  // oxlint-disable-next-line typescript/no-unsafe-function-type -- TypeORM's own type for classes
  readonly entities: Function[];
  // oxlint-disable-next-line typescript/no-unsafe-function-type -- TypeORM's own type for classes
  readonly migrations: Function[];
}

const CONNECT_TIMEOUT_MS = 2000;

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
  return {
    ...common,
    ...serverOptions(location),
    username: location.user,
    type: await serverType(location),
    driver: new MysqlDriver().module,
    charset: 'utf8mb4',
    // Times go in and out as UTC, independent of the server's and this machine's zone; plain dates stay text, or they
    // would become local midnights.
    timezone: 'Z',
    dateStrings: ['DATE'],
    connectTimeout: CONNECT_TIMEOUT_MS,
    poolSize,
  };
}

type Server = Extract<DatabaseLocation, { kind: 'mysql' }>;

function serverOptions({ host, port, socketPath, password, database, tls }: Server) {
  return {
    host,
    port,
    password,
    database,
    ...(socketPath === null ? {} : { socketPath }),
    ...(tls === null ? {} : { ssl: tlsOptions(tls) }),
  };
}

/** @throws SettingsError for a certificate authority's file that can't be read */
function tlsOptions({ mode, caPath }: Tls): {
  rejectUnauthorized: boolean;
  verifyIdentity: boolean;
  ca?: Buffer;
} {
  return {
    rejectUnauthorized: mode !== 'REQUIRED',
    verifyIdentity: mode === 'VERIFY_IDENTITY',
    ...(caPath === null ? {} : { ca: readCa(caPath) }),
  };
}

function readCa(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SettingsError(`DATABASE_URL names the file ${path} as sslca, which can't be read (${code})`);
  }
}

/** TypeORM wants to know: the two differ in column defaults and in what they support. */
async function serverType(location: Server): Promise<'mysql' | 'mariadb'> {
  const connection = await createConnection({
    ...serverOptions(location),
    user: location.user,
    connectTimeout: CONNECT_TIMEOUT_MS,
  }).catch((error: object) => {
    throw whileConnecting(error);
  });
  try {
    const [rows] = await connection.query('SELECT VERSION() AS version');
    return /mariadb/i.test((rows as [{ version: string }])[0].version) ? 'mariadb' : 'mysql';
  } finally {
    connection.destroy();
  }
}
