// What other modules may know of this one.
export { clientKey, currentClient } from './client-key.js';
export { FailureLimits } from './failure-limits.service.js';
export { LimitPerIp } from './limit-per-ip.decorator.js';
export { limitRequests } from './limit-requests.js';
export { LimitsModule } from './limits.module.js';
export { PasswordAttempts } from './passwords/password-attempts.entity.js';
export { PasswordLimit } from './passwords/password-limit.service.js';
export { RateLimitGuard } from './rate-limit.guard.js';
export { RateLimiter, type RateWindow, type Tally } from './rate-limiter.js';
export { type Quota, RateLimits } from './rate-limits.service.js';
export { SmsBudgetUsedUp, SmsDecided, SmsPauseLifted, SmsPrefixPaused } from './sms/sms-guard.events.js';
export { type SmsAdmission, SmsGuard } from './sms/sms-guard.service.js';
export { SmsPrefix } from './sms/sms-prefix.entity.js';
