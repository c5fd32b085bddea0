import mysql2 from 'mysql2';
import type { DataSource } from 'typeorm';
import { SECOND } from '../lib/duration.js';
import { endsConnection, whileConnecting } from './database-errors.js';

type Pool = ReturnType<typeof mysql2.createPool>;
type Connection = mysql2.PoolConnection;
type Callback = (error: Error | null, ...results: unknown[]) => void;

/** How long a request waits for a connection before it is answered 503. */
const ACQUIRE_TIMEOUT_MS = 2.5 * SECOND;
/** How long a statement may take before it is given up, and its connection with it. */
const STATEMENT_TIMEOUT_MS = 2.5 * SECOND;
/** Requests that wait for a connection, for each that the pool has: one more is refused at once. */
const WAITING_PER_CONNECTION = 100;

/**
 * What the statements rely on, said to every new connection before anything else: a server's or an account's defaults
 * may be anything. Without it NO_AUTO_VALUE_ON_ZERO gave an account the id 0, EMPTY_STRING_IS_NULL broke a migration,
 * and a completion_type of CHAIN would put statements behind a commit into another transaction.
 */
const SESSION_SETTINGS = [
  "sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
  "time_zone = '+00:00'",
  'autocommit = 1',
  "completion_type = 'NO_CHAIN'",
  'foreign_key_checks = 1',
  'unique_checks = 1',
  'sql_auto_is_null = 0',
  'sql_safe_updates = 0',
  'sql_select_limit = 18446744073709551615',
  'sql_big_selects = 1',
  'group_concat_max_len = 1048576',
  'div_precision_increment = 4',
  // A search of many words joins as many tables: MySQL's default tries every order of them, for seconds.
  'optimizer_search_depth = 0',
  "default_storage_engine = 'InnoDB'",
];
const FIRST_STATEMENTS = [
  // The protocol sets the character set at the handshake; an `init_connect` of the server comes behind that.
  "SET NAMES 'utf8mb4'",
  `SET ${SESSION_SETTINGS.map((setting) => `SESSION ${setting}`).join(', ')}`,
  'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE',
];

const drivers = new WeakMap<object, MysqlDriver>();

/**
 * mysql2 as TypeORM is given it: with settings of its own on each connection, and with deadlines. mysql2 alone waits for
 * ever for a server that is frozen, or behind a network that swallows packets.
 */
export class MysqlDriver {
  private isPatient = false;

  /** What TypeORM takes for the module `mysql2` (the option `driver`). */
  get module(): typeof mysql2 {
    return {
      ...mysql2,
      createPool: (options: mysql2.PoolOptions) => this.createPool(options),
    } as typeof mysql2;
  }

  /** Runs `work` without deadlines for its statements: a migration may build the index of a large table. */
  async patiently<T>(work: () => Promise<T>): Promise<T> {
    this.isPatient = true;
    try {
      return await work();
    } finally {
      this.isPatient = false;
    }
  }

  private createPool(options: mysql2.PoolOptions): Pool {
    const queueLimit = (options.connectionLimit ?? 10) * WAITING_PER_CONNECTION;
    const pool = mysql2.createPool({ ...options, queueLimit });
    pool.on('connection', (connection) => {
      for (const statement of FIRST_STATEMENTS) {
        connection.query(statement, (error) => {
          if (error) connection.destroy();
        });
      }
      this.limitStatements(connection);
    });
    limitAcquisition(pool);
    return pool;
  }

  /** Gives each statement its deadline, and ends a connection that is of no more use: it must not go back to the pool. */
  private limitStatements(connection: Connection): void {
    for (const method of ['query', 'execute'] as const) {
      const original = connection[method].bind(connection) as (...parameters: unknown[]) => unknown;
      const limited = (statement: string | mysql2.QueryOptions, ...rest: unknown[]): unknown => {
        const callback = rest.at(-1);
        // A stream has no callback, and takes as long as its reader.
        if (typeof callback !== 'function') return original(statement, ...rest);
        const options = typeof statement === 'string' ? { sql: statement } : statement;
        const timeout = this.isPatient ? undefined : STATEMENT_TIMEOUT_MS;
        const done: Callback = (error, ...results) => {
          if (error && endsConnection(error)) connection.destroy();
          (callback as Callback)(error, ...results);
        };
        return original(
          timeout === undefined ? options : { timeout, ...options },
          ...rest.slice(0, -1),
          done,
        );
      };
      connection[method] = limited as never;
    }
  }
}

/** Lets nobody wait for a connection for ever, and marks what fails on the way to one. */
function limitAcquisition(pool: Pool): void {
  const original = pool.getConnection.bind(pool);
  pool.getConnection = (callback) => {
    let isWaiting = true;
    const timer = setTimeout(() => {
      isWaiting = false;
      callback(whileConnecting(new Error('No connection became free in time')), undefined as never);
    }, ACQUIRE_TIMEOUT_MS);
    original((error, connection) => {
      if (!isWaiting) {
        if (!error) connection.release();
        return;
      }
      isWaiting = false;
      clearTimeout(timer);
      if (error) callback(whileConnecting(error), connection);
      else callback(null, connection);
    });
  };
}

/** Runs `work` without deadlines for its statements: a migration may build the index of a large table. */
export function withoutDeadlines<T>(dataSource: DataSource, work: () => Promise<T>): Promise<T> {
  const { driver } = dataSource.options as { driver?: object };
  return (driver && drivers.get(driver)?.patiently(work)) ?? work();
}
