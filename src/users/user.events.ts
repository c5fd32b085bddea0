import type { Role } from '../shared/access/index.js';
import { AuditableEvent, FailedAttempt } from '../shared/events/auditable-event.js';
import type { AttributeName, UserChange } from './user.entity.js';

// What happens to accounts. Events carry ids and the names of what changed, never entities or values, with one
// exception: the address or number that a change has just replaced is nowhere else, and notices go there. Each is kept in the
// audit log.

abstract class UserEvent extends AuditableEvent {
  constructor(readonly userId: number) {
    super();
  }
}

/** A user signed up, or an administrator created the account. */
export class UserCreated extends UserEvent {
  readonly auditAction = 'user.created';
}

/** Attributes changed. More specific events are published after this one. */
export class UserUpdated extends UserEvent {
  readonly auditAction = 'user.updated';

  constructor(
    userId: number,
    readonly changed: readonly AttributeName[],
  ) {
    super(userId);
  }
}

/** The user or an administrator set a new password. */
export class PasswordChanged extends UserEvent {
  readonly auditAction = 'user.password_changed';

  constructor(
    userId: number,
    /** The former e-mail address, if the same change replaced it. */
    readonly previousEmail: string | null = null,
  ) {
    super(userId);
  }
}

/** The user set a new password with a reset link. `PasswordChanged` is published before this event. */
export class PasswordReset extends UserEvent {
  readonly auditAction = 'user.password_reset';
}

export class EmailChanged extends UserEvent {
  readonly auditAction = 'user.email_changed';

  constructor(
    userId: number,
    readonly previousEmail: string,
  ) {
    super(userId);
  }
}

export class PhoneChanged extends UserEvent {
  readonly auditAction = 'user.phone_changed';

  constructor(
    userId: number,
    /** In E.164; null where there was none. */
    readonly previousPhone: string | null,
  ) {
    super(userId);
  }
}

/**
 * The account has to be confirmed again: the channel that codes go to has a new value, or a template user has become a
 * real one.
 */
export class ConfirmationWithdrawn extends UserEvent {
  readonly auditAction = 'user.confirmation_withdrawn';
}

/** The channel that codes go to is back at the value that was confirmed last. */
export class ConfirmationRestored extends UserEvent {
  readonly auditAction = 'user.confirmation_restored';
}

/** The owner of the e-mail address, first proved now, may not be the one who confirmed the phone. No code is sent. */
export class PhoneConfirmationVoided extends UserEvent {
  readonly auditAction = 'user.confirmation_withdrawn';
}

export class UserConfirmed extends UserEvent {
  readonly auditAction = 'user.confirmed';
}

export class UserCancelled extends UserEvent {
  readonly auditAction = 'user.cancelled';
}

export class UserReactivated extends UserEvent {
  readonly auditAction = 'user.reactivated';
}

export class RoleChanged extends UserEvent {
  readonly auditAction = 'user.role_changed';

  constructor(
    userId: number,
    readonly role: Role,
  ) {
    super(userId);
  }
}

export class ClinicalApprovalGranted extends UserEvent {
  readonly auditAction = 'user.clinical_approved';
}

/** By an administrator, or because the user is no longer clinical, became a template user or was cancelled. */
export class ClinicalApprovalWithdrawn extends UserEvent {
  readonly auditAction = 'user.clinical_approval_withdrawn';
}

/** The account is about to be deleted; its rows still exist. */
export class UserDeleted extends UserEvent {
  readonly auditAction = 'user.deleted';
}

/** The personal data of one user was exported. */
export class UserExported extends UserEvent {
  readonly auditAction = 'user.exported';
}

/** The events that a change of attributes causes, in the order of publication. */
export function eventsOf(userId: number, change: UserChange): AuditableEvent[] {
  const { changed, previousEmail, previousPhone } = change;
  const events: AuditableEvent[] = [];
  if (changed.length > 0) events.push(new UserUpdated(userId, changed));
  if (changed.includes('passwordDigest')) events.push(new PasswordChanged(userId, previousEmail));
  if (previousEmail !== null) events.push(new EmailChanged(userId, previousEmail));
  if (previousPhone !== undefined) events.push(new PhoneChanged(userId, previousPhone));
  if (change.confirmationWithdrawn) events.push(new ConfirmationWithdrawn(userId));
  if (change.confirmationRestored) events.push(new ConfirmationRestored(userId));
  if (change.approvalWithdrawn) events.push(new ClinicalApprovalWithdrawn(userId));
  return events;
}

/** Somebody sent a wrong `current_password` with a change of their own password or address. */
export class ReauthenticationFailed extends FailedAttempt {
  readonly auditAction = 'session.reauthentication_failed';

  constructor(readonly userId: number) {
    super();
  }
}
