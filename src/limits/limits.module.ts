import { Global, Module } from '@nestjs/common';
import { Settings } from '../shared/config/settings.js';
import { ReadinessChecks } from '../shared/observability/readiness-checks.js';
import { FailureLimits } from './failure-limits.js';
import { LimitMetrics } from './limit-refusals.js';
import { MemoryRateLimiter } from './rate-limiter/memory-rate-limiter.js';
import { PasswordAttemptsRepository } from './password-attempts/password-attempts.repository.js';
import { PasswordAttemptsRetention } from './password-attempts/password-attempts-retention.js';
import { PasswordLimit } from './password-attempts/password-attempt-limits.js';
import { QuotaRetention } from './quotas/quota-retention.js';
import { QuotasRepository } from './quotas/quotas.repository.js';
import { Quotas } from './quotas/quotas.js';
import { RateLimitGuard } from './request-limits.guard.js';
import { RateLimiter } from './rate-limiter/rate-limiter.js';
import { RateLimits } from './request-limits.js';
import { RedisConnection } from './rate-limiter/redis-connection.js';
import { RedisRateLimiter } from './rate-limiter/redis-rate-limiter.js';

/** How often anything may be done. Global, because every feature has something that may not be done too often. */
@Global()
@Module({
  providers: [
    {
      provide: RedisConnection,
      inject: [Settings, ReadinessChecks],
      useFactory: ({ redisUrl }: Settings, readiness: ReadinessChecks): RedisConnection | null => {
        if (redisUrl === null) return null;
        const redis = new RedisConnection(redisUrl);
        readiness.add(() => redis.ping());
        return redis;
      },
    },
    {
      provide: RateLimiter,
      inject: [RedisConnection],
      useFactory: (redis: RedisConnection | null): RateLimiter =>
        redis === null ? new MemoryRateLimiter() : new RedisRateLimiter(redis),
    },
    LimitMetrics,
    RateLimits,
    FailureLimits,
    RateLimitGuard,
    PasswordAttemptsRepository,
    PasswordAttemptsRetention,
    PasswordLimit,
    QuotasRepository,
    Quotas,
    QuotaRetention,
  ],
  exports: [RateLimiter, RateLimits, FailureLimits, RateLimitGuard, PasswordLimit, Quotas],
})
export class LimitsModule {}
