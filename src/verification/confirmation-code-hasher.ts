import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Settings } from '../shared/config/settings.js';
import { derivedKey } from '../shared/lib/derived-key.js';

const DIGITS = 6;
const CODE = /^\d{6}$/;
const PURPOSE = 'confirmation';

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
 * HMAC-SHA-256 with a key derived from APP_SECRET. There are only a million codes, which a thief of the database could
 * try in a second if the hash had no key. User, purpose and salt are hashed with the code: a row reveals nothing about
 * the code of another user, nor about an earlier code of the same user.
 */
@Injectable()
export class ConfirmationCodeHasher {
  private readonly key: Buffer;

  constructor({ appSecret }: Settings) {
    this.key = derivedKey(appSecret, 'confirmation codes');
  }

  hash(code: string, userId: number): HashedCode {
    const salt = randomBytes(16).toString('hex');
    return { salt, digest: this.digest(code, userId, salt).toString('hex') };
  }

  matches(code: string, userId: number, { salt, digest }: HashedCode): boolean {
    return timingSafeEqual(this.digest(code, userId, salt), Buffer.from(digest, 'hex'));
  }

  /** Tells codes to different destinations apart without naming these in the database. */
  destinationDigest(destination: string): string {
    return createHmac('sha256', this.key).update(`destination\n${destination}`).digest('hex');
  }

  private digest(code: string, userId: number, salt: string): Buffer {
    return createHmac('sha256', this.key).update([PURPOSE, userId, salt, code].join('\n')).digest();
  }
}
