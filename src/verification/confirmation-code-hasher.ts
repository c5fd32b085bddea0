import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Settings } from '../shared/config/settings.js';
import { derivedKey } from '../shared/lib/derived-key.js';

const DIGITS = 6;
const CODE = /^\d{6}$/;

/** What is stored of a code. */
export interface HashedCode {
  readonly salt: string;
  readonly digest: string;
}

export function newCode(): string {
  return String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0');
}

export function isWellFormedCode(code: string): boolean {
  return CODE.test(code);
}

/**
 * HMAC-SHA-256 under a key derived from APP_SECRET: a million codes are tried in a second, so that without a key the
 * database alone would give them away. User, purpose and salt are part of what is hashed: a row says nothing about
 * another user's code, nor about another code of the same user.
 */
@Injectable()
export class ConfirmationCodeHasher {
  private readonly key: Buffer;

  constructor({ appSecret }: Settings) {
    this.key = derivedKey(appSecret, 'confirmation codes');
  }

  hash(code: string, userId: number, purpose: string): HashedCode {
    const salt = randomBytes(16).toString('hex');
    return { salt, digest: this.digest(code, userId, purpose, salt).toString('hex') };
  }

  matches(code: string, userId: number, purpose: string, { salt, digest }: HashedCode): boolean {
    return timingSafeEqual(this.digest(code, userId, purpose, salt), Buffer.from(digest, 'hex'));
  }

  private digest(code: string, userId: number, purpose: string, salt: string): Buffer {
    return createHmac('sha256', this.key).update([purpose, userId, salt, code].join('\n')).digest();
  }
}
