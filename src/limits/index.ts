// What other modules may know of this one.
export { clientKey, currentClient } from './client-key.js';
export { FailureLimits } from './failure-limits.js';
export { LimitPerIp } from './limit-per-ip.decorator.js';
export { limitRequests } from './limit-requests.js';
export { LimitsModule } from './limits.module.js';
export { PasswordAttempts } from './password-attempts/password-attempts.entity.js';
export { PasswordLimit } from './password-attempts/password-attempt-limits.js';
export { Quota } from './quotas/quota.entity.js';
export { type Claim, Quotas } from './quotas/quotas.js';
export { RateLimitGuard } from './request-limits.guard.js';
export { RateLimiter, type RateWindow, type Tally } from './rate-limiter/rate-limiter.js';
export { RateLimits } from './request-limits.js';
