export * from './access.decorators.js';
export * from './actor.js';
export * from './access.guard.js';
export * from './user-id.js';
export * from './user-permission.decorator.js';
