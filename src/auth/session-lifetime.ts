import type { Role } from '../shared/access/index.js';
import { DAY, HOUR, MINUTE } from '../shared/lib/duration.js';

/** The properties of a user that determine how long sessions last. */
export interface SessionHolder {
  readonly role: Role;
  readonly isApprovedClinical: boolean;
}

/** Both in milliseconds: `absolute` since the sign-in, `idle` since the last request. */
export interface SessionLifetime {
  readonly absolute: number;
  readonly idle: number;
}

const ORDINARY: SessionLifetime = { absolute: 30 * DAY, idle: 14 * DAY };
/** For users who see other people's records: the limits of NIST SP 800-63B-4, 2.3.3, for its highest level. */
const PRIVILEGED: SessionLifetime = { absolute: 12 * HOUR, idle: 15 * MINUTE };

export const LONGEST_LIFETIME = ORDINARY;

/** Depends on what the user is at the time of the request, not at the time of the sign-in. */
export function lifetimeOf(user: SessionHolder): SessionLifetime {
  return user.role === 'admin' || user.isApprovedClinical ? PRIVILEGED : ORDINARY;
}
