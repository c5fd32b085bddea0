import type { Actor, Role } from './actor.js';

/**
 * Who may do what to an account: the table of the contract (section 2), and the only place where it stands.
 *
 * - `own`: users to their own account
 * - `clinical`: approved clinical users to the accounts of parents
 * - `admin`: administrators to any account
 *
 * A parent may do nothing to another's account. Lists follow `visibleTo`, below.
 */
export const USER_POLICY = {
  read: { own: true, clinical: true, admin: true },
  readAccessReport: { own: true, clinical: false, admin: true },
  update: { own: true, clinical: false, admin: true },
  cancel: { own: true, clinical: false, admin: true },
  reactivate: { own: false, clinical: false, admin: true },
  delete: { own: false, clinical: false, admin: true },
  changeRole: { own: false, clinical: false, admin: true },
  approveClinical: { own: false, clinical: false, admin: true },
  /** What support looks up, or does for a user who calls. */
  support: { own: false, clinical: false, admin: true },
} as const satisfies Record<string, { own: boolean; clinical: boolean; admin: boolean }>;

/** What a route may do to the account of its `{id}`. */
export type UserAction = keyof typeof USER_POLICY;

/** Whether the answer depends on the role of that account, which then has to be looked up. */
export function dependsOnRole(action: UserAction, actor: Actor, userId: number): boolean {
  return !actor.isAdmin && actor.id !== userId && actor.isApprovedClinical && USER_POLICY[action].clinical;
}

/** @param role of the account, where `dependsOnRole` asked for it */
export function isPermitted(action: UserAction, actor: Actor, userId: number, role: Role | null): boolean {
  const rule = USER_POLICY[action];
  if (actor.isAdmin && rule.admin) return true;
  if (actor.id === userId && rule.own) return true;
  return actor.isApprovedClinical && rule.clinical && role === 'parent';
}

/** Which accounts a list shows. */
export type Visibility = 'all' | { readonly self: number; readonly parents: boolean };

/** Administrators see all accounts, approved clinical users the parents' and their own, parents their own. */
export function visibleTo(actor: Actor): Visibility {
  if (actor.isAdmin) return 'all';
  return { self: actor.id, parents: actor.isApprovedClinical };
}
