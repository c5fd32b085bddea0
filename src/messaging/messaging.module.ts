import { Module } from '@nestjs/common';
import { ContentCipher } from './message-content.js';
import { MessagesRepository } from './messages.repository.js';
import { Outbox } from './outbox.js';
import { TransactionalOutbox } from './transactional-outbox.js';

/** The outbox, its dispatcher, and the channels that messages leave by. */
@Module({
  providers: [MessagesRepository, ContentCipher, { provide: Outbox, useClass: TransactionalOutbox }],
  exports: [Outbox, MessagesRepository],
})
export class MessagingModule {}
