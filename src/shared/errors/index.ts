export * from './domain-errors.js';
export * from './validation-errors.js';
