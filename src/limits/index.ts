// What other modules may know of this one.
export { clientKey, currentClient } from './client-key.js';
export { FailureLimits } from './failure-limits.js';
export { LimitPerIp } from './limit-per-ip.decorator.js';
export type { LimitResult } from './limit-result.js';
export { limitRequests } from './limit-requests.js';
export { LimitsModule } from './limits.module.js';
export { PasswordAttemptLimits } from './password-attempts/password-attempt-limits.js';
export { PasswordAttempts } from './password-attempts/password-attempts.entity.js';
export { Quota } from './quotas/quota.entity.js';
export { type Claim, Quotas } from './quotas/quotas.js';
export { RateLimiter, type RateWindow, type WindowResult } from './rate-limiter/rate-limiter.js';
export { RequestLimitsGuard } from './request-limits.guard.js';
