export * from './access.decorators.js';
export * from './actor.js';
export * from './access.guard.js';
