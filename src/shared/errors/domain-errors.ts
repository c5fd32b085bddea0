import { DomainError } from './validation-errors.js';

/** There is no such thing (404): `User not found`. */
export class NotFound extends DomainError {
  constructor(what = 'User') {
    super(`${what} not found`);
  }
}

/** There is no valid token (401). */
export class NotAuthenticated extends DomainError {
  constructor() {
    super('You are not authorized to perform this action.');
  }
}

/** The signed-in user may not do this (403). */
export class NotPermitted extends DomainError {
  constructor() {
    super('You are not authorized to perform this action.');
  }
}

/** A password, code or token is wrong (401). The message is the endpoint's own. */
export class WrongCredentials extends DomainError {}

/** The password is right, the account was cancelled (403). */
export class AccountNotActive extends DomainError {
  constructor() {
    super('Account is not active');
  }
}

/** Too many requests (429). */
export class TooManyRequests extends DomainError {
  constructor(readonly retryAfterSeconds: number) {
    super('Too many requests');
  }
}

/** A service that we depend on can't be reached or is overloaded (503). */
export class Unavailable extends DomainError {
  constructor(options?: ErrorOptions) {
    super('Service unavailable', options);
  }
}
