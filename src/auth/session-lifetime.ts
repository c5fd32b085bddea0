import type { Role } from '../shared/access/index.js';
import { DAY, HOUR, MINUTE } from '../shared/lib/duration.js';

/** What of a user decides how long sessions last. */
export interface SessionHolder {
  readonly role: Role;
  readonly isApprovedClinical: boolean;
}

/** Both in milliseconds: since the sign-in, and since the last request. */
export interface SessionLifetime {
  readonly absolute: number;
  readonly idle: number;
}

const ORDINARY: SessionLifetime = { absolute: 30 * DAY, idle: 14 * DAY };
/** Who sees other people's records: what NIST SP 800-63B-4, 2.3.3, asks for at its highest level. */
const PRIVILEGED: SessionLifetime = { absolute: 12 * HOUR, idle: 15 * MINUTE };

export const LONGEST_LIFETIME = ORDINARY;

/** By what the user is at the time of the request, not at the time of the sign-in. */
export function lifetimeOf(user: SessionHolder): SessionLifetime {
  return user.role === 'admin' || user.isApprovedClinical ? PRIVILEGED : ORDINARY;
}
