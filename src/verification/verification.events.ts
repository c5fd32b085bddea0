import { AuditableEvent, FailedAttempt } from '../shared/events/auditable-event.js';

/** Somebody asked for another code: the person, or an administrator for them. */
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
