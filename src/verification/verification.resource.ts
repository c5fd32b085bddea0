import { maskDestination } from '../messaging/index.js';
import { UserIdentityResource, type User } from '../users/index.js';
import type { SentCode } from './confirmation.service.js';

export class ConfirmationResource {
  /** @example true */
  verified: boolean;
  user: UserIdentityResource;

  static of(user: User): ConfirmationResource {
    return { verified: true, user: UserIdentityResource.of(user) };
  }
}

export class SentCodeResource {
  /** @example true */
  sent: boolean;
  /** @example "sms" */
  channel: 'sms' | 'email';
  /**
   * Of a phone number the last digits, of an e-mail address the first letter and the domain.
   * @example "+*********67"
   */
  destination: string;
  /**
   * From then on the code is not accepted any more.
   * @example "2023-10-20T10:10:00.000Z"
   */
  expiresAt: Date;
  /**
   * Seconds until another code may be asked for.
   * @example 60
   */
  retryAfter: number;

  static of({ channel, destination, expiresAt, retryAfter }: SentCode): SentCodeResource {
    return { sent: true, channel, destination: maskDestination(destination), expiresAt, retryAfter };
  }
}
