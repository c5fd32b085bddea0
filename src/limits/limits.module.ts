import { Module } from '@nestjs/common';
import { Settings } from '../shared/config/settings.js';
import { ObservabilityModule } from '../shared/observability/observability.module.js';
import { ReadinessChecks } from '../shared/observability/readiness-checks.js';
import { FailureLimits } from './failure-limits.js';
import { LimitRefusals } from './limit-refusals.js';
import { MemoryRateLimiter } from './rate-limiter/memory-rate-limiter.js';
import { PasswordAttemptsRepository } from './password-attempts/password-attempts.repository.js';
import { PasswordAttemptLimits } from './password-attempts/password-attempt-limits.js';
import { QuotasRepository } from './quotas/quotas.repository.js';
import { Quotas } from './quotas/quotas.js';
import { RequestLimitsGuard } from './request-limits.guard.js';
import { NoRateLimiter, RateLimiter } from './rate-limiter/rate-limiter.js';
import { RequestLimits } from './request-limits.js';
import { RedisConnection } from './rate-limiter/redis-connection.js';
import { RedisRateLimiter } from './rate-limiter/redis-rate-limiter.js';

/** How often anything may be done: `consume` counts a use, `refund` takes it back. */
@Module({
  imports: [ObservabilityModule],
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
      inject: [Settings, RedisConnection],
      useFactory: ({ rateLimit }: Settings, redis: RedisConnection | null): RateLimiter => {
        if (!rateLimit) return new NoRateLimiter();
        return redis === null ? new MemoryRateLimiter() : new RedisRateLimiter(redis);
      },
    },
    LimitRefusals,
    RequestLimits,
    FailureLimits,
    RequestLimitsGuard,
    PasswordAttemptsRepository,
    PasswordAttemptLimits,
    QuotasRepository,
    Quotas,
  ],
  exports: [RequestLimits, FailureLimits, RequestLimitsGuard, PasswordAttemptLimits, Quotas],
})
export class LimitsModule {}
