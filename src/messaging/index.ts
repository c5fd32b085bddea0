// What other modules may know of this one.
export { maskDestination } from './destination-mask.js';
export { Message, MESSAGE_STATUSES, type MessageStatus } from './message.entity.js';
export { MessagesRepository } from './messages.repository.js';
export { MessagingModule } from './messaging.module.js';
export { type MessageKind, type NewMessage, Outbox } from './outbox.js';
