import { AuditableEvent } from '../shared/events/auditable-event.js';

/** A link was sent: somebody who knows the address asked for it, or an administrator. */
export class PasswordResetRequested extends AuditableEvent {
  readonly auditAction = 'user.password_reset_requested';

  constructor(readonly userId: number) {
    super();
  }
}
