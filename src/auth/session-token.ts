import { createHash, randomBytes } from 'node:crypto';

/** The prefix lets secret scanners find a token that leaked into a repository or a log. */
const PREFIX = 'gu_';
const TOKEN = /^gu_[A-Za-z0-9_-]{43}$/;

/** 256 random bits, URL-safe. */
export function newToken(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/** What is stored of a token. A slow hash would add nothing: 256 random bits can't be guessed. */
export function tokenDigest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

export function isWellFormedToken(token: string): boolean {
  return TOKEN.test(token);
}

interface TokenHeaders {
  readonly authorization?: string | undefined;
  readonly [name: string]: unknown;
}

/** The token of `X-User-Token`, or else of `Authorization: Bearer`; null where there is none that could be one. */
export function tokenFrom(headers: TokenHeaders): string | null {
  const own = headers['x-user-token'];
  const token =
    typeof own === 'string' && own !== '' ? own : /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return token !== undefined && isWellFormedToken(token) ? token : null;
}
