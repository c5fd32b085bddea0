// What other modules may know of this one.
export { PasswordResetsService } from './password-resets.service.js';
export * from './passwords.events.js';
export { PasswordsModule } from './passwords.module.js';
export { ResetRequestedResource } from './passwords.resource.js';
export { PendingPasswordReset } from './pending-password-reset.entity.js';
