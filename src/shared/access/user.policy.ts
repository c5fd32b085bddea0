import type { Actor, Role } from './actor.js';

/**
 * Who may do what to an account: the table of the contract (section 2). `own` is one's own account, `clinical` what an
 * approved clinical user may do to a parent's, `admin` what an administrator may do to any. Parents may do nothing to
 * others. What a list shows of whom is `visibleTo`, below.
 */
export const USER_POLICY = {
  read: { own: true, clinical: true, admin: true },
  update: { own: true, clinical: false, admin: true },
  cancel: { own: true, clinical: false, admin: true },
  reactivate: { own: false, clinical: false, admin: true },
  changeRole: { own: false, clinical: false, admin: true },
  approveClinical: { own: false, clinical: false, admin: true },
  /** What support looks up or does for somebody who is on the phone. */
  support: { own: false, clinical: false, admin: true },
  delete: { own: false, clinical: false, admin: true },
  readAccessReport: { own: true, clinical: false, admin: true },
} as const satisfies Record<string, { own: boolean; clinical: boolean; admin: boolean }>;

/** What a route may do to the account of its `{id}`. */
export type UserAction = keyof typeof USER_POLICY;

/** Whether the answer depends on whose account it is; then its role has to be looked up. */
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

/** The accounts that somebody sees in a list. */
export type Visibility = 'all' | { readonly self: number; readonly parents: boolean };

export function visibleTo(actor: Actor): Visibility {
  if (actor.isAdmin) return 'all';
  return { self: actor.id, parents: actor.isApprovedClinical };
}
