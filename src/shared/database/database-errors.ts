interface DriverError {
  code?: string;
  errno?: number;
  message?: string;
  sqlState?: string;
  driverError?: DriverError;
}

/**
 * The unit was rolled back and may succeed when it is run again: 1205 lock wait timeout, 1213 deadlock (a failed Galera
 * certification says so, too), 1020 record changed (MariaDB), 3098 and 3101 refused by Group Replication before anything
 * was written, 9007, 8022 and 8028 write conflict (TiDB).
 */
const RETRYABLE_ERRNO = new Set([1205, 1213, 1020, 3098, 3101, 9007, 8022, 8028]);
/** Another process (the command line) holds the embedded database. */
const RETRYABLE_CODES = new Set(['SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT', 'SQLITE_LOCKED']);

/**
 * The server is away, full, overloaded, or no writer just now; see the table in docs/operations.md. With 1180 and 3100 it
 * is not known whether the commit took place.
 */
// prettier-ignore -- a line a kind: full or out of memory; too many; going or not ready; no writer; timed out; TiDB
const UNREACHABLE_ERRNO = new Set([
  1021, 1026, 1030, 1037, 1038, 1041, 1105, 1114, 1135, 3186, 1040, 1129, 1203, 1226, 1047, 1053, 1152, 1158,
  1159, 1160, 1161, 1180, 1184, 1317, 1927, 3169, 4031, 1290, 1792, 1836, 3032, 3100, 3796, 3797, 3798, 1969,
  3024, 9001, 9002, 9003, 9004, 9005,
]);
/** After these the connection leads to a server that does not write, or to none: it is closed. */
const CONNECTION_ENDING_ERRNO = new Set([1047, 1053, 1180, 1290, 1792, 1836, 1927, 3032, 3100, 3169, 4031]);
const UNREACHABLE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'POOL_CLOSED',
  'POOL_NOEXIST',
  'POOL_NONEONLINE',
  'ENOTCONN',
  'ENETDOWN',
  'EHOSTDOWN',
  'ECONNABORTED',
  'SQLITE_CANTOPEN',
  'SQLITE_IOERR',
  'SQLITE_FULL',
  'SQLITE_READONLY',
]);

function driverError(error: unknown): DriverError | null {
  if (typeof error !== 'object' || error === null) return null;
  const candidate = error as DriverError;
  return candidate.driverError ?? candidate;
}

/** Whether the same unit of work may succeed when it is run again. */
export function isRetryable(error: unknown): boolean {
  const cause = driverError(error);
  return RETRYABLE_ERRNO.has(cause?.errno ?? 0) || RETRYABLE_CODES.has(cause?.code ?? '');
}

const failedConnections = new WeakSet<object>();

/** Marks an error that came up while a connection was opened or waited for. */
export function whileConnecting<T extends object>(error: T): T {
  failedConnections.add(error);
  return error;
}

/**
 * Whether the database could not be reached, or went away, rather than refused what was asked. Whatever fails while a
 * connection is opened counts, whatever its number: a password that was changed, a limit of the account, a handshake.
 */
export function isUnreachable(error: unknown): boolean {
  const cause = driverError(error);
  return cause !== null && (failedConnections.has(cause) || isAway(cause));
}

/** Whether the server is away, or not ready: a moment later it may be there. A wrong password will still be wrong. */
export function isAway(error: unknown): boolean {
  const cause = driverError(error);
  if (cause === null) return false;
  if (isConnectionException(cause) || UNREACHABLE_ERRNO.has(cause.errno ?? 0)) return true;
  if (UNREACHABLE_CODES.has(cause.code ?? '')) return true;
  // mysql2 gives a connection that was closed under a waiting command no code, only words.
  return /closed state|Connection lost|Pool is closed|Queue limit reached/i.test(cause.message ?? '');
}

/** Whether the connection on which a statement failed so must not be used again. */
export function endsConnection(error: unknown): boolean {
  const cause = driverError(error);
  if (cause === null) return false;
  return (
    isConnectionException(cause) ||
    isTimeout(cause) ||
    CONNECTION_ENDING_ERRNO.has(cause.errno ?? 0) ||
    UNREACHABLE_CODES.has(cause.code ?? '')
  );
}

/** Whether a statement was given up at its deadline. What became of it is not known. */
export function isTimeout(error: unknown): boolean {
  return driverError(error)?.code === 'PROTOCOL_SEQUENCE_TIMEOUT';
}

/** Class 08 of SQLSTATE, ISO 9075: connection exception. */
function isConnectionException({ sqlState }: DriverError): boolean {
  return sqlState?.startsWith('08') === true;
}

/**
 * The name of the unique index that a write ran into, or null. MySQL reports the index (`users.users_email_unique`,
 * MariaDB without the table), SQLite the columns (`users.email`): with indexes named `<table>_<columns>_unique` both
 * come to the same.
 */
export function violatedUniqueIndex(error: unknown): string | null {
  const cause = driverError(error);
  if (cause?.errno === 1062) return /for key '(?:[^'.]*\.)?([^']+)'/.exec(cause.message ?? '')?.[1] ?? null;
  if (cause?.code !== 'SQLITE_CONSTRAINT_UNIQUE') return null;
  const columns = /UNIQUE constraint failed: (.+)$/.exec(cause.message ?? '')?.[1]?.split(', ') ?? [];
  const table = columns[0]?.split('.')[0];
  return `${table}_${columns.map((column) => column.split('.')[1]).join('_')}_unique`;
}
