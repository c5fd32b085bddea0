import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { HttpMetrics, Metrics } from './metrics.js';
import { ReadinessChecks } from './readiness-checks.js';

/** Health, metrics and readiness. Modules that add metrics or checks of their own import it. */
@Module({
  controllers: [HealthController],
  providers: [Metrics, HttpMetrics, ReadinessChecks],
  exports: [Metrics, HttpMetrics, ReadinessChecks],
})
export class ObservabilityModule {}
