// What other modules may know of this one.
export * from './auth.events.js';
export { AuthModule } from './auth.module.js';
export { Session } from './session.entity.js';
export { SessionsService } from './sessions.service.js';
