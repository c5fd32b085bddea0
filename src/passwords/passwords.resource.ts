import { UserIdentityResource, type User } from '../users/index.js';
import type { PendingPasswordReset } from './pending-password-reset.entity.js';

export class ResetRequestedResource {
  /** @example "If the address has an account, instructions have been sent to it." */
  message: string;

  /** The same for everybody: it must not tell whether there is an account. */
  static readonly INSTANCE: ResetRequestedResource = {
    message: 'If the address has an account, instructions have been sent to it.',
  };
}

export class TokenValidityResource {
  /** @example true */
  valid: boolean;
  /**
   * Only of a valid one.
   * @example "2023-10-20T11:00:00.000Z"
   */
  expiresAt?: Date;

  static of(reset: PendingPasswordReset | null): TokenValidityResource {
    return reset ? { valid: true, expiresAt: reset.expiresAt } : { valid: false };
  }
}

export class PasswordResetResource {
  /** @example true */
  reset: boolean;
  user: UserIdentityResource;

  static of(user: User): PasswordResetResource {
    return { reset: true, user: UserIdentityResource.of(user) };
  }
}
