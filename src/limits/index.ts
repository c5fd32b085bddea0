// What other modules may know of this one.
export { clientKey, currentClient } from './client-key.js';
export { FailureLimits } from './failure-limits.service.js';
export { LimitPerIp } from './limit-per-ip.decorator.js';
export { limitRequests } from './limit-requests.js';
export { LimitsModule } from './limits.module.js';
export { PasswordAttempts } from './password-failures/password-attempts.entity.js';
export { PasswordLimit } from './password-failures/password-limit.service.js';
export { Quota } from './quotas/quota.entity.js';
export { type Claim, Quotas } from './quotas/quotas.service.js';
export { RateLimitGuard } from './rate-limit.guard.js';
export { RateLimiter, type RateWindow, type Tally } from './rate-limiter.js';
export { RateLimits } from './rate-limits.service.js';
