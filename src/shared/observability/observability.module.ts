import { Global, Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { HttpMetrics, Metrics } from './metrics.js';
import { ReadinessChecks } from './readiness-checks.js';

@Global()
@Module({
  controllers: [HealthController],
  providers: [Metrics, HttpMetrics, ReadinessChecks],
  exports: [Metrics, HttpMetrics, ReadinessChecks],
})
export class ObservabilityModule {}
