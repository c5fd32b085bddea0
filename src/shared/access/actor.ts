import { MINUTE } from '../lib/duration.js';

export const ROLES = ['parent', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** How long after the sign-in a session counts as fresh: only such a session may change the password or the address. */
const FRESH_FOR_MS = 15 * MINUTE;

/** The signed-in user of a request: the account and the session behind the token, read anew for each request. */
export class Actor {
  constructor(
    readonly id: number,
    readonly role: Role,
    /** Declared clinical *and* approved by an administrator. */
    readonly isApprovedClinical: boolean,
    readonly sessionId: number,
    readonly signedInAt: Date,
  ) {}

  get isAdmin(): boolean {
    return this.role === 'admin';
  }

  /** Signed in less than 15 minutes ago. */
  isFresh(now: Date): boolean {
    return now.getTime() - this.signedInAt.getTime() < FRESH_FOR_MS;
  }
}
