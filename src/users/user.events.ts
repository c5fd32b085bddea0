import type { Role } from '../shared/access/index.js';
import type { UserAttributes } from './user.entity.js';

// What happens to accounts. Events carry ids and the names of what changed, never entities or values, with one
// exception: the address that a change has just replaced is nowhere else, and notices go there.

/** Somebody signed up, or an administrator made the account. */
export class UserCreated {
  constructor(readonly userId: number) {}
}

/** Values changed. More specific events follow where they matter. */
export class UserUpdated {
  constructor(
    readonly userId: number,
    readonly changed: readonly (keyof UserAttributes)[],
  ) {}
}

/** A new password, by its owner or by an administrator. */
export class PasswordChanged {
  constructor(
    readonly userId: number,
    /** Where the same change gave the account a new address: the one before. */
    readonly previousEmail: string | null = null,
  ) {}
}

/** A new password by the link of a reset; `PasswordChanged` is published before it. */
export class PasswordReset {
  constructor(readonly userId: number) {}
}

export class EmailChanged {
  constructor(
    readonly userId: number,
    readonly previousEmail: string,
  ) {}
}

/** The account has to be confirmed again: the channel that codes go to has a new value. */
export class ConfirmationWithdrawn {
  constructor(readonly userId: number) {}
}

export class UserConfirmed {
  constructor(readonly userId: number) {}
}

export class UserCancelled {
  constructor(readonly userId: number) {}
}

export class UserReactivated {
  constructor(readonly userId: number) {}
}

export class RoleChanged {
  constructor(
    readonly userId: number,
    readonly role: Role,
  ) {}
}

export class ClinicalApprovalGranted {
  constructor(readonly userId: number) {}
}

/** By an administrator, or because the person is clinical no more or cancelled. */
export class ClinicalApprovalWithdrawn {
  constructor(readonly userId: number) {}
}

/** The rows are about to go. */
export class UserDeleted {
  constructor(readonly userId: number) {}
}
