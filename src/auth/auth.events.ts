import type { Role } from '../shared/access/index.js';
import { AuditableEvent } from '../shared/events/auditable-event.js';

/** A user signed in with their password. */
export class SignedIn extends AuditableEvent {
  readonly auditAction = 'session.created';
  override readonly actor: { readonly id: number; readonly role: Role };

  constructor(
    readonly userId: number,
    readonly sessionId: number,
    role: Role,
  ) {
    super();
    // The password identifies the actor, even if the request carried a token of another user.
    this.actor = { id: userId, role };
  }
}

/** A sign-in was refused. */
export class SignInFailed extends AuditableEvent {
  readonly auditAction = 'session.failed';

  /** @param userId null if no account has the address */
  constructor(readonly userId: number | null) {
    super();
  }
}

/** A user signed out, or ended one of their other sessions. */
export class SessionEnded extends AuditableEvent {
  readonly auditAction = 'session.ended';

  constructor(
    readonly userId: number,
    readonly sessionId: number,
  ) {
    super();
  }
}

/** A user ended all their other sessions. */
export class OtherSessionsEnded extends AuditableEvent {
  readonly auditAction = 'session.others_ended';

  constructor(readonly userId: number) {
    super();
  }
}

/** An administrator ended all sessions of a user. */
export class SessionsEndedBySupport extends AuditableEvent {
  readonly auditAction = 'user.sessions_ended';

  constructor(readonly userId: number) {
    super();
  }
}
