import { Module } from '@nestjs/common';
import { Settings } from '../shared/config/settings.js';
import { Clock } from '../shared/lib/clock.js';
import { ObservabilityModule } from '../shared/observability/observability.module.js';
import { configuredEmailChannel, configuredSmsChannel } from './channels/configured-channels.js';
import { EmailChannel } from './channels/email-channel.js';
import { SmsChannel } from './channels/sms-channel.js';
import { Delivery } from './delivery.js';
import { DevMailbox } from './dev/dev-mailbox.js';
import { DevMessagesController } from './dev/dev-messages.controller.js';
import { Dispatcher } from './dispatcher.js';
import { ContentCipher } from './message-content.js';
import { MessagesRepository } from './messages.repository.js';
import { MessagingMetrics } from './messaging.metrics.js';
import { Outbox } from './outbox.js';
import { SmsGuardController } from './sms-guard/sms-guard.controller.js';
import { SmsGuardMetrics } from './sms-guard/sms-guard.metrics.js';
import { SmsGuard } from './sms-guard/sms-guard.service.js';
import { SmsPrefixesRepository } from './sms-guard/sms-prefixes.repository.js';
import { MessageTexts } from './templates/message-texts.js';
import { TransactionalOutbox } from './transactional-outbox.js';

/** The outbox, its dispatcher, and the channels that messages leave by. */
@Module({
  imports: [ObservabilityModule],
  controllers: [SmsGuardController],
  providers: [
    SmsPrefixesRepository,
    SmsGuard,
    SmsGuardMetrics,
    MessagesRepository,
    ContentCipher,
    MessageTexts,
    MessagingMetrics,
    DevMailbox,
    Delivery,
    Dispatcher,
    { provide: Outbox, useClass: TransactionalOutbox },
    { provide: SmsChannel, useFactory: configuredSmsChannel, inject: [Settings, DevMailbox, Clock] },
    { provide: EmailChannel, useFactory: configuredEmailChannel, inject: [Settings, DevMailbox] },
  ],
  exports: [Outbox, MessagesRepository, DevMailbox, SmsGuard],
})
export class MessagingModule {}

/** The page of undelivered messages. Whoever puts the application together leaves it out in production. */
@Module({ imports: [MessagingModule], controllers: [DevMessagesController] })
export class DevMessagesModule {}
