import { AuditableEvent, FailedAttempt } from '../shared/events/auditable-event.js';

/** Another code was sent, at the request of the user or of an administrator. */
export class CodeResent extends AuditableEvent {
  readonly auditAction = 'user.confirmation_resent';

  constructor(readonly userId: number) {
    super();
  }
}

/** Somebody entered a code that is not the account's. */
export class ConfirmationFailed extends FailedAttempt {
  readonly auditAction = 'user.confirmation_failed';

  constructor(readonly userId: number) {
    super();
  }
}
