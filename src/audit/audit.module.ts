import { Module } from '@nestjs/common';
import { ObservabilityModule } from '../shared/observability/observability.module.js';
import { AuditController } from './audit.controller.js';
import { AuditLogService } from './audit-log.service.js';
import { AuditRepository } from './audit.repository.js';
import { AuditRetention } from './audit-retention.js';
import { AuditSealer } from './audit-sealer.js';
import { AuditSeals } from './audit-seals.js';
import { AuditTrailSubscriber } from './audit-trail.subscriber.js';
import { AuditVerification } from './audit-verification.js';
import { AuditedData } from './audited-data.js';
import { EventWriters } from './event-writers.js';
import { ChainRepository } from './chain.repository.js';

/** The audit log: who did and who read what. It knows the other modules only by the events that they publish. */
@Module({
  imports: [ObservabilityModule],
  controllers: [AuditController],
  providers: [
    AuditRepository,
    ChainRepository,
    AuditSeals,
    EventWriters,
    AuditTrailSubscriber,
    AuditSealer,
    AuditRetention,
    AuditVerification,
    AuditLogService,
    AuditedData,
  ],
  exports: [AuditVerification],
})
export class AuditModule {}
