// What other modules may import.
export * from './auth.events.js';
export { AuthModule } from './auth.module.js';
export { Session } from './session.entity.js';
