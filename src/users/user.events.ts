import type { Role } from '../shared/access/index.js';
import { AuditableEvent, FailedAttempt } from '../shared/events/auditable-event.js';
import type { AttributeName, UserChange } from './user.entity.js';

// What happens to accounts. Events carry ids and the names of what changed, never entities or values, with one
// exception: the address that a change has just replaced is nowhere else, and notices go there. Each is kept in the
// audit log.

abstract class UserEvent extends AuditableEvent {
  constructor(readonly userId: number) {
    super();
  }
}

/** Somebody signed up, or an administrator made the account. */
export class UserCreated extends UserEvent {
  readonly auditAction = 'user.created';
}

/** Values changed. More specific events follow where they matter. */
export class UserUpdated extends UserEvent {
  readonly auditAction = 'user.updated';

  constructor(
    userId: number,
    readonly changed: readonly AttributeName[],
  ) {
    super(userId);
  }
}

/** A new password, by its owner or by an administrator. */
export class PasswordChanged extends UserEvent {
  readonly auditAction = 'user.password_changed';

  constructor(
    userId: number,
    /** Where the same change gave the account a new address: the one before. */
    readonly previousEmail: string | null = null,
  ) {
    super(userId);
  }
}

/** A new password by the link of a reset; `PasswordChanged` is published before it. */
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

/**
 * The account has to be confirmed again: the channel that codes go to has a new value, or a template user has become a
 * real one.
 */
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

/** By an administrator, or because the person is no longer clinical or has cancelled. */
export class ClinicalApprovalWithdrawn extends UserEvent {
  readonly auditAction = 'user.clinical_approval_withdrawn';
}

/** The rows are about to go. */
export class UserDeleted extends UserEvent {
  readonly auditAction = 'user.deleted';
}

/** One person's data was handed out. */
export class UserExported extends UserEvent {
  readonly auditAction = 'user.exported';
}

/** The events that new values give rise to, in the order in which they are published. */
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
