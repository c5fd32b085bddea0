import { Injectable } from '@nestjs/common';
import { dictionary } from '@zxcvbn-ts/language-common';
import { codePoints, messages } from '../../shared/validation/index.js';
import { MAX_PASSWORD_BYTES } from './bcrypt-password-hasher.js';

/** NIST SP 800-63B-4, 3.1.1.2, asks for 8 where a second factor exists; the specification says 8. */
const MIN_LENGTH = 8;

/** The user whose password is checked. */
export interface PasswordOwner {
  readonly email?: string | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
}

/** Decides which passwords are strong enough. A team may replace it. */
export abstract class PasswordPolicy {
  /** The problems of a password (in NFKC, not blank), as messages of the contract. */
  abstract problems(password: string, owner: PasswordOwner): string[];
}

/** NFKC, in which passwords are measured, hashed and compared: the same text typed on two keyboards is the same. */
export function normalizePassword(password: string): string {
  return password.normalize('NFKC');
}

@Injectable()
export class DefaultPasswordPolicy extends PasswordPolicy {
  /** Some 49,000 passwords from leaks, lower case, most common first (the list of zxcvbn, maintained by zxcvbn-ts). */
  private readonly common = new Set(dictionary['passwords-common']);

  override problems(password: string, owner: PasswordOwner): string[] {
    const found: string[] = [];
    if (codePoints(password) < MIN_LENGTH) found.push(messages.tooShort(MIN_LENGTH));
    if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES)
      found.push(messages.tooLongInBytes(MAX_PASSWORD_BYTES));
    const lower = password.toLowerCase();
    if (this.common.has(lower)) found.push(messages.TOO_COMMON);
    if (ownNames(owner).includes(lower)) found.push(messages.NAME_OR_ADDRESS);
    return found;
  }
}

function ownNames({ email, firstName, lastName }: PasswordOwner): string[] {
  const names = [email, email?.split('@')[0], firstName, lastName];
  if (firstName && lastName) names.push(`${firstName} ${lastName}`, `${firstName}${lastName}`);
  return names.filter((name) => name !== undefined).map((name) => normalizePassword(name).toLowerCase());
}
