import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Settings } from '../shared/config/settings.js';
import { derivedKey } from '../shared/lib/derived-key.js';

/** The part of a message that is personal or secret: kept encrypted, and only until the message is delivered. */
export interface MessageContent {
  readonly destination: string;
  readonly language: string;
  readonly values: Readonly<Record<string, string>>;
  readonly nativeSignup: boolean;
}

const ALGORITHM = 'aes-256-gcm';
/** Of the format: another one may follow while messages of this one are still queued. */
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/**
 * AES-256-GCM under a key of its own: one byte of version, the random nonce, the tag, the ciphertext. The message's
 * public id is authenticated with it, so that contents can't be moved from one row to another.
 */
@Injectable()
export class ContentCipher {
  private readonly key: Buffer;

  constructor({ appSecret }: Settings) {
    this.key = derivedKey(appSecret, 'message content');
  }

  encrypt(content: MessageContent, publicId: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.key, nonce).setAAD(Buffer.from(publicId));
    const ciphertext = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), ciphertext]);
  }

  /** @throws when it was encrypted under another APP_SECRET, for another message, or was altered */
  decrypt(encrypted: Buffer, publicId: string): MessageContent {
    if (encrypted[0] !== VERSION || encrypted.length < HEADER_BYTES)
      throw new Error('The content of a message is of an unknown format');
    const nonce = encrypted.subarray(1, 1 + NONCE_BYTES);
    const decipher = createDecipheriv(ALGORITHM, this.key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(publicId))
      .setAuthTag(encrypted.subarray(1 + NONCE_BYTES, HEADER_BYTES));
    const text = Buffer.concat([decipher.update(encrypted.subarray(HEADER_BYTES)), decipher.final()]);
    return JSON.parse(text.toString('utf8')) as MessageContent;
  }
}
