// What other modules may use of this one.
export { DeliveryFailed, DeliveryRefused } from './channels/delivery-errors.js';
export { type Email, EmailChannel } from './channels/email-channel.js';
export { type Sms, SmsChannel } from './channels/sms-channel.js';
export { maskDestination, Message, MESSAGE_STATUSES, type MessageStatus } from './message.entity.js';
export { MessagesRepository } from './messages.repository.js';
export { DevMessagesModule, MessagingModule } from './messaging.module.js';
export { MESSAGE_KINDS, type MessageKind, type NewMessage, Outbox } from './outbox.js';
export {
  SmsBudgetUsedUp,
  SmsDecided,
  SmsPauseLifted,
  SmsPrefixPaused,
} from './sms-guard/sms-guard.events.js';
export { type SmsAdmission, SmsGuardService } from './sms-guard/sms-guard.service.js';
export { SmsPrefix } from './sms-guard/sms-prefix.entity.js';
