import type { Role } from '../shared/access/index.js';
import { AuditableEvent } from '../shared/events/auditable-event.js';

/** Somebody signed in with their password. */
export class SignedIn extends AuditableEvent {
  readonly auditAction = 'session.created';
  override readonly actor: { readonly id: number; readonly role: Role };

  constructor(
    readonly userId: number,
    readonly sessionId: number,
    role: Role,
  ) {
    super();
    // Whatever token the request may have brought along: it is the password that says who this is.
    this.actor = { id: userId, role };
  }
}

/** Somebody tried to sign in and was refused. */
export class SignInFailed extends AuditableEvent {
  readonly auditAction = 'session.failed';

  /** @param userId null where nobody has the address */
  constructor(readonly userId: number | null) {
    super();
  }
}

/** Somebody signed out, or ended one of their other sessions. */
export class SessionEnded extends AuditableEvent {
  readonly auditAction = 'session.ended';

  constructor(
    readonly userId: number,
    readonly sessionId: number,
  ) {
    super();
  }
}

/** Somebody signed out everywhere else. */
export class OtherSessionsEnded extends AuditableEvent {
  readonly auditAction = 'session.others_ended';

  constructor(readonly userId: number) {
    super();
  }
}

/** An administrator signed somebody out everywhere. */
export class SessionsEndedBySupport extends AuditableEvent {
  readonly auditAction = 'user.sessions_ended';

  constructor(readonly userId: number) {
    super();
  }
}
