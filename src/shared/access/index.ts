export * from './access.decorators.js';
export * from './access.guard.js';
export * from './actor.js';
export * from './path-id.js';
export * from './permit.decorator.js';
export * from './user-id.js';
export * from './user.policy.js';
