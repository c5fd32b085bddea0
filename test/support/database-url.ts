import type { ConnectionOptions } from 'mysql2/promise';

/** What mysql2 is to be told for `mysql://user:password@host:port/name`. */
export function connectionOptions(url: string): ConnectionOptions {
  const { hostname, port, username, password, pathname } = new URL(url);
  const database = decodeURIComponent(pathname.slice(1));
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    ...(database && { database }),
    charset: 'utf8mb4',
    // Times as they are stored: no time zone of client or server may hide a mistake.
    dateStrings: true,
    supportBigNumbers: true,
  };
}

/** The same server, with another database on it. */
export function withDatabase(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${database}` }).href;
}
