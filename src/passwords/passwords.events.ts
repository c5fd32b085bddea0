import { AuditableEvent } from '../shared/events/auditable-event.js';

/** A link was sent, at the request of a client that knows the address or of an administrator. */
export class PasswordResetRequested extends AuditableEvent {
  readonly auditAction = 'user.password_reset_requested';

  constructor(readonly userId: number) {
    super();
  }
}
