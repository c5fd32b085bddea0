import { createHash, randomBytes } from 'node:crypto';

/** Secret scanners find tokens that leaked into a repository or a log by this prefix. */
const PREFIX = 'gu_';
const TOKEN = /^gu_[A-Za-z0-9_-]{43}$/;

/** 256 random bits, URL-safe. */
export function newSessionToken(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/** What is stored of a token. A slow hash would add nothing: 256 random bits can't be guessed. */
export function sessionTokenDigest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

export function isWellFormedSessionToken(token: string): boolean {
  return TOKEN.test(token);
}

interface TokenHeaders {
  readonly authorization?: string | undefined;
  readonly [name: string]: unknown;
}

/** The token of `X-User-Token`, or else of `Authorization: Bearer`; null if there is none, or it is malformed. */
export function sessionTokenFrom(headers: TokenHeaders): string | null {
  const own = headers['x-user-token'];
  const token =
    typeof own === 'string' && own !== '' ? own : /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return token !== undefined && isWellFormedSessionToken(token) ? token : null;
}
