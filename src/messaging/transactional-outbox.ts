import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { Clock } from '../shared/lib/clock.js';
import { Dispatcher } from './dispatcher.js';
import { Message } from './message.entity.js';
import { ContentCipher } from './message-content.js';
import { MessagesRepository } from './messages.repository.js';
import { MessagingMetrics } from './messaging.metrics.js';
import { type NewMessage, Outbox } from './outbox.js';

/** Stores messages in the same database, and so in the same transaction, as the change that they tell of. */
@Injectable()
export class TransactionalOutbox extends Outbox {
  constructor(
    private readonly messagesRepository: MessagesRepository,
    private readonly contentCipher: ContentCipher,
    private readonly dispatcher: Dispatcher,
    private readonly messagingMetrics: MessagingMetrics,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async add(details: NewMessage): Promise<void> {
    const message = Message.from(details, this.clock.now());
    if (message.status === 'queued') {
      const { destination, language, values, nativeSignup } = details;
      message.content = this.contentCipher.encrypt(
        { destination, language, values, nativeSignup },
        message.publicId,
      );
    }
    await this.db.run(async () => {
      await this.messagesRepository.insert(message);
      this.db.afterCommit(() => {
        this.messagingMetrics.count(message, message.status);
        if (message.status === 'queued') this.dispatcher.wake();
      });
    });
  }
}
