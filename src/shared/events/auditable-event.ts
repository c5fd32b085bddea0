import type { Actor } from '../access/actor.js';

/** The log keeps the count, and a keyed hash of what the list was narrowed by: the same search has the same hash. */
export interface CountedSearch {
  readonly count: number;
  readonly narrowedBy: string;
}

/**
 * An event that the audit log keeps: it stores one in the transaction that publishes it. Any module makes its events
 * such by extending this class; it need not know the audit module, nor the audit module it:
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
 * log takes those that are declared here and no others, so that an event may carry more for other subscribers.
 */
export abstract class AuditableEvent {
  /**
   * What happened, stable for ever: `<what>.<happened>` in lower case, at most 64 characters. The prefix `user.` says
   * that somebody read or changed the account, and puts the event into the person's access report.
   */
  abstract readonly auditAction: string;

  /** The account that it is about; null where there is none, or where there are several. */
  abstract readonly userId: number | null;

  /** The accounts that it is about, where it is about several at once. */
  readonly userIds: readonly number[] | null = null;

  /** What a search counted, where it counted too many to name them all. */
  readonly counted: CountedSearch | null = null;

  /** How many with the same action, actor and subject the log keeps in a minute: of what anybody can cause at will. */
  readonly maxPerMinute: number | null = null;

  /** Who did it, where that is not whoever makes the request: somebody who has just proved who they are. */
  readonly actor: Pick<Actor, 'id' | 'role'> | null = null;
}

/** Somebody was shown another person's record, or a part of it. */
export class RecordRead extends AuditableEvent {
  constructor(
    readonly userId: number,
    readonly auditAction: string,
  ) {
    super();
  }
}

/** Somebody was shown a list of other people's records. */
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
