import { Global, Module } from '@nestjs/common';
import { Settings } from '../shared/config/settings.js';
import { ReadinessChecks } from '../shared/observability/readiness-checks.js';
import { FailureLimits } from './failure-limits.service.js';
import { LimitMetrics } from './limit-metrics.js';
import { MemoryRateLimiter } from './memory-rate-limiter.js';
import { PasswordAttemptsRepository } from './password-failures/password-attempts.repository.js';
import { PasswordLimit } from './password-failures/password-limit.service.js';
import { QuotasRepository } from './quotas/quotas.repository.js';
import { Quotas } from './quotas/quotas.service.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RateLimiter } from './rate-limiter.js';
import { RateLimits } from './rate-limits.service.js';
import { RedisConnection } from './redis-connection.js';
import { RedisRateLimiter } from './redis-rate-limiter.js';

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
    PasswordLimit,
    QuotasRepository,
    Quotas,
  ],
  exports: [RateLimiter, RateLimits, FailureLimits, RateLimitGuard, PasswordLimit, Quotas],
})
export class LimitsModule {}
