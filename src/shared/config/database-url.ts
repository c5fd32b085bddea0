import { SettingsError } from './settings-error.js';

/** How a MySQL server's certificate is judged, in the words of MySQL's own clients. */
export type TlsMode = 'REQUIRED' | 'VERIFY_CA' | 'VERIFY_IDENTITY';

export interface Tls {
  readonly mode: TlsMode;
  /** The path of the certificate authority's file; null for those that the machine trusts. */
  readonly caPath: string | null;
}

export type DatabaseLocation =
  | { readonly kind: 'sqlite'; readonly path: string }
  | {
      readonly kind: 'mysql';
      readonly host: string;
      readonly port: number;
      /** A Unix socket in place of host and port. */
      readonly socketPath: string | null;
      readonly user: string;
      readonly password: string;
      readonly database: string;
      /** null: the connection is not encrypted. */
      readonly tls: Tls | null;
    };

const FORMS = 'mysql://user:password@host:3306/name or sqlite:<path>';
const TLS_MODES: readonly string[] = ['REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'] satisfies TlsMode[];

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
  const database = decoded(parsed.pathname.slice(1));
  if (!['mysql:', 'mariadb:'].includes(parsed.protocol) || parsed.hostname === '' || database === '') {
    throw new SettingsError(`DATABASE_URL must be ${FORMS}`);
  }
  if (parsed.hash !== '') throw new SettingsError('DATABASE_URL has a # in it: write it as %23');
  return {
    kind: 'mysql',
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? 3306 : Number(parsed.port),
    user: decoded(parsed.username),
    password: decoded(parsed.password),
    database,
    ...parseOptions(parsed.searchParams),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new SettingsError('DATABASE_URL has a % that begins no escape: write it as %25');
  }
}

/** Whatever is not understood stops the start: a misspelt option must not leave the connection in the clear. */
function parseOptions(parameters: URLSearchParams): { socketPath: string | null; tls: Tls | null } {
  let mode: TlsMode | null = null;
  let caPath: string | null = null;
  let socketPath: string | null = null;
  const seen = new Set<string>();
  for (const [name, value] of parameters) {
    const option = name.toLowerCase().replace(/[-_]/g, '');
    if (seen.has(option)) throw new SettingsError(`DATABASE_URL has the option ${name} twice`);
    seen.add(option);
    if (value === '') throw new SettingsError(`DATABASE_URL has no value for the option ${name}`);
    if (option === 'ssl') mode = stricter(mode, sslMode(value));
    else if (option === 'sslmode') mode = stricter(mode, tlsMode(name, value));
    else if (option === 'sslca') caPath = value;
    else if (option === 'socketpath') socketPath = value;
    else {
      throw new SettingsError(
        `DATABASE_URL has the unknown option ${name} (known: ssl, sslmode, sslca, socketPath)`,
      );
    }
  }
  // A certificate authority is named to be checked against.
  if (caPath !== null && (mode === null || mode === 'REQUIRED')) mode = 'VERIFY_CA';
  return { socketPath, tls: mode && { mode, caPath } };
}

function sslMode(value: string): TlsMode {
  if (['true', '1', 'required'].includes(value.toLowerCase())) return 'VERIFY_CA';
  throw new SettingsError(
    `DATABASE_URL has ssl=${value}: it must be true, 1 or required (leave it out for a connection in the clear)`,
  );
}

function tlsMode(name: string, value: string): TlsMode {
  const mode = value.toUpperCase().replaceAll('-', '_');
  if (TLS_MODES.includes(mode)) return mode as TlsMode;
  throw new SettingsError(`DATABASE_URL has ${name}=${value}: it must be one of ${TLS_MODES.join(', ')}`);
}

function stricter(a: TlsMode | null, b: TlsMode): TlsMode {
  return a !== null && TLS_MODES.indexOf(a) > TLS_MODES.indexOf(b) ? a : b;
}
