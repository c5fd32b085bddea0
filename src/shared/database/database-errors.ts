interface DriverError {
  code?: string;
  errno?: number;
  message?: string;
  driverError?: DriverError;
}

/** 1205 lock wait timeout, 1213 deadlock (a failed Galera certification says so too), 1020 record changed (MariaDB). */
const RETRYABLE_ERRNO = new Set([1205, 1213, 1020]);
/** Another process (the command line) holds the embedded database. */
const RETRYABLE_CODES = new Set(['SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT', 'SQLITE_LOCKED']);

/** 1040 too many connections, 1047 Galera node not ready, 1053 shutting down, 1290 read-only, 1927 killed, 3024 and 1969 timed out. */
const UNREACHABLE_ERRNO = new Set([1040, 1047, 1053, 1290, 1927, 3024, 1969]);
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

/** Whether the database could not be reached, or went away, rather than refused what was asked. */
export function isUnreachable(error: unknown): boolean {
  const cause = driverError(error);
  if (cause === null) return false;
  if (UNREACHABLE_ERRNO.has(cause.errno ?? 0) || UNREACHABLE_CODES.has(cause.code ?? '')) return true;
  // mysql2 gives a connection that was closed under a waiting command no code, only words.
  return /closed state|Connection lost|Pool is closed/i.test(cause.message ?? '');
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
