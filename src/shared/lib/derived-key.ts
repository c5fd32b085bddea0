import { hkdfSync } from 'node:crypto';

/**
 * A key of its own for each purpose, 256 bits, derived from APP_SECRET by HKDF-SHA-256 (RFC 5869): what one key
 * protects tells nothing about another, nor about the secret.
 */
export function derivedKey(appSecret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', appSecret, '', `general-users-api/${purpose}`, 32));
}
