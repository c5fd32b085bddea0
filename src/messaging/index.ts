// What other modules may know of this one.
export { type MessageKind, type NewMessage, Outbox } from './outbox.js';
