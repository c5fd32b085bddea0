import type { Actor } from '../access/actor.js';

/** The log keeps the count, and a keyed hash of what the list was narrowed by: the same search has the same hash. */
export interface CountedSearch {
  readonly count: number;
  readonly narrowedBy: string;
}

/**
 * An event that is recorded in the audit log, in the transaction that publishes it. A module makes its events auditable
 * by extending this class; it need not know the audit module, nor the audit module it:
 *
 * ```ts
 * export class UserConfirmed extends AuditableEvent {
 *   readonly auditAction = 'user.confirmed';
 *
 *   constructor(readonly userId: number) {
 *     super();
 *   }
 * }
 * ```
 *
 * Who acted, from where, in which request and why is taken from the `RequestContext`. Of the event's properties the
 * log records those that are declared here and no others, so that an event may carry more for other subscribers.
 */
export abstract class AuditableEvent {
  /**
   * The action's name, which never changes: `<subject>.<past participle>` in lower case, at most 64 characters. The
   * prefix `user.` means that the account was read or changed, and puts the event into the person's access report.
   */
  abstract readonly auditAction: string;

  /** The account that the event is about; null for none or several. */
  abstract readonly userId: number | null;

  /** The accounts that the event is about, where there are several. */
  readonly userIds: readonly number[] | null = null;

  /** What a search counted, where it counted too many to name them all. */
  readonly counted: CountedSearch | null = null;

  /** How many with the same action, actor and subject the log keeps in a minute: of what anybody can cause at will. */
  readonly maxPerMinute: number | null = null;

  /** Who did it, where that is not yet the actor of the request: a person who is just signing in, for example. */
  readonly actor: Pick<Actor, 'id' | 'role'> | null = null;
}

/** Another person's record, or a part of it, was read. */
export class RecordRead extends AuditableEvent {
  constructor(
    readonly userId: number,
    readonly auditAction: string,
  ) {
    super();
  }
}

/** A list of other people's records was read. */
export class RecordsListed extends AuditableEvent {
  readonly auditAction = 'user.listed';
  readonly userId = null;

  constructor(override readonly userIds: readonly number[]) {
    super();
  }
}

/** Somebody was told how many people a search finds: none, or too many to name them all. */
export class RecordsSearched extends AuditableEvent {
  readonly auditAction = 'users.searched';
  readonly userId = null;

  constructor(override readonly counted: CountedSearch) {
    super();
  }
}

/**
 * Something that was refused, and is recorded all the same: see `FailureLog`. At most ten times a minute for one actor
 * and subject.
 */
export abstract class FailedAttempt extends AuditableEvent {
  override readonly maxPerMinute = 10;
}

/** Somebody asked for another person's record, or to change it, who may not. */
export class AccessDenied extends FailedAttempt {
  readonly auditAction = 'access.denied';

  constructor(readonly userId: number) {
    super();
  }
}
