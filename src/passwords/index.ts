// What other modules may import.
export * from './passwords.events.js';
export { PasswordsModule } from './passwords.module.js';
export { PendingPasswordReset } from './pending-password-reset.entity.js';
