// What other modules may use of this one. To have something recorded in the log they publish an `AuditableEvent`.
export { AuditEvent, AuditEventUser, ChainHead } from './audit-event.entity.js';
export { AuditModule } from './audit.module.js';
export { AuditVerification, type Verified } from './audit-verification.js';
export { ChainBroken } from './audit-seals.js';
