import type { Role } from '../shared/access/index.js';
import { AuditableEvent, FailedAttempt } from '../shared/events/auditable-event.js';
import type { AttributeName, UserChange } from './user.entity.js';

// The events of accounts. They carry ids and the names of changed attributes, never entities or values, with one
// exception: notices go to the former e-mail address, which is stored nowhere else. The audit log keeps every event.

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

/** The account must be confirmed again: its code channel changed, or a template user became a real one. */
export class ConfirmationWithdrawn extends UserEvent {
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
export function eventsOf(
  userId: number,
  { changed, previousEmail, confirmationWithdrawn, approvalWithdrawn }: UserChange,
): AuditableEvent[] {
  const events: AuditableEvent[] = [];
  if (changed.length > 0) events.push(new UserUpdated(userId, changed));
  if (changed.includes('passwordDigest')) events.push(new PasswordChanged(userId, previousEmail));
  if (previousEmail !== null) events.push(new EmailChanged(userId, previousEmail));
  if (confirmationWithdrawn) events.push(new ConfirmationWithdrawn(userId));
  if (approvalWithdrawn) events.push(new ClinicalApprovalWithdrawn(userId));
  return events;
}

/** Somebody sent a wrong `current_password` with a change of their own password or address. */
export class ReauthenticationFailed extends FailedAttempt {
  readonly auditAction = 'session.reauthentication_failed';

  constructor(readonly userId: number) {
    super();
  }
}
