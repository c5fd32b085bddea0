// What other modules may know of this one.
export { ConfirmationCode } from './confirmation-code.entity.js';
export { ConfirmationService, type SentCode } from './confirmation.service.js';
export * from './verification.events.js';
export { VerificationModule } from './verification.module.js';
export { SentCodeResource } from './verification.resource.js';
