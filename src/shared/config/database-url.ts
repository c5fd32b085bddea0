import { SettingsError } from './settings.js';

export type DatabaseLocation =
  | { readonly kind: 'sqlite'; readonly path: string }
  | {
      readonly kind: 'mysql';
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password: string;
      readonly database: string;
      /** Demands TLS with a certificate that the machine trusts (`?ssl=true`). */
      readonly ssl: boolean;
    };

const FORMS = 'mysql://user:password@host:3306/name or sqlite:<path>';

/**
 * `mysql://user:password@host:3306/name` (a MariaDB server too) or `sqlite:<path>`.
 *
 * @throws SettingsError without the value, which holds a password
 */
export function parseDatabaseUrl(url: string): DatabaseLocation {
  if (url.startsWith('sqlite:')) {
    const path = url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
    if (path === '') throw new SettingsError(`DATABASE_URL has no path after sqlite: (${FORMS})`);
    return { kind: 'sqlite', path };
  }
  if (!URL.canParse(url)) throw new SettingsError(`DATABASE_URL must be ${FORMS}`);
  const parsed = new URL(url);
  const database = decodeURIComponent(parsed.pathname.slice(1));
  if (!['mysql:', 'mariadb:'].includes(parsed.protocol) || parsed.hostname === '' || database === '') {
    throw new SettingsError(`DATABASE_URL must be ${FORMS}`);
  }
  return {
    kind: 'mysql',
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? 3306 : Number(parsed.port),
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
    database,
    ssl: parsed.searchParams.get('ssl') === 'true',
  };
}
