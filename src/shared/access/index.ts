// What other folders read, and what docs/extending.md tells teams about.
export { AdminOnly, ClinicalOnly, CurrentUser, Permit, Public } from './access.decorators.js';
export { AccessGuard } from './access.guard.js';
export { Actor, type Role, ROLES } from './actor.js';
export { parseUserId, PathId, UserId } from './path-id.js';
export { RequestContext } from './request-context.js';
export { accessTo, type RouteAccess } from './route-access.js';
export { dependsOnRole, isPermitted, type UserAction, visibleTo, type Visibility } from './user.policy.js';
