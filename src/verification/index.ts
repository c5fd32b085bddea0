// What other modules may import.
export { ConfirmationCode } from './confirmation-code.entity.js';
export * from './verification.events.js';
export { VerificationModule } from './verification.module.js';
