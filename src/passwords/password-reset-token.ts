import { createHash, randomBytes } from 'node:crypto';

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** 256 random bits, URL-safe. */
export function newResetToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a token. A slow hash would add nothing: 256 random bits can't be guessed. */
export function resetTokenDigest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

export function isWellFormedResetToken(token: unknown): token is string {
  return typeof token === 'string' && TOKEN.test(token);
}
