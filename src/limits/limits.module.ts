import { Global, Module } from '@nestjs/common';
import { Settings } from '../shared/config/settings.js';
import { ReadinessChecks } from '../shared/observability/readiness-checks.js';
import { FailureLimits } from './failure-limits.service.js';
import { LimitMetrics } from './limit-metrics.js';
import { MemoryRateLimiter } from './memory-rate-limiter.js';
import { PasswordAttemptsRepository } from './passwords/password-attempts.repository.js';
import { PasswordAttemptsRetention } from './passwords/password-attempts-retention.js';
import { PasswordLimit } from './passwords/password-limit.service.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RateLimiter } from './rate-limiter.js';
import { RateLimits } from './rate-limits.service.js';
import { RedisConnection } from './redis-connection.js';
import { RedisRateLimiter } from './redis-rate-limiter.js';
import { SmsGuardController } from './sms/sms-guard.controller.js';
import { SmsGuardMetrics } from './sms/sms-guard.metrics.js';
import { SmsGuard } from './sms/sms-guard.service.js';
import { SmsPrefixesRepository } from './sms/sms-prefixes.repository.js';

/** How often anything may be done. Global, because every feature has something that may not be done too often. */
@Global()
@Module({
  controllers: [SmsGuardController],
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
    SmsPrefixesRepository,
    SmsGuard,
    SmsGuardMetrics,
  ],
  exports: [RateLimiter, RateLimits, FailureLimits, RateLimitGuard, PasswordLimit, SmsGuard],
})
export class LimitsModule {}
