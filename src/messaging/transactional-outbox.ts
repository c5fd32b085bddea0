import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { Clock } from '../shared/lib/clock.js';
import { Dispatcher } from './dispatcher.js';
import { Message } from './message.entity.js';
import { ContentCipher } from './message-content.js';
import { MessagesRepository } from './messages.repository.js';
import { MessagingMetrics } from './messaging.metrics.js';
import { type NewMessage, Outbox } from './outbox.js';

/** Keeps messages in the database, beside what they tell of. */
@Injectable()
export class TransactionalOutbox extends Outbox {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly cipher: ContentCipher,
    private readonly dispatcher: Dispatcher,
    private readonly metrics: MessagingMetrics,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async add(details: NewMessage): Promise<void> {
    const message = Message.from(details, this.clock.now());
    if (message.status === 'queued') {
      const { destination, language, values, nativeSignup } = details;
      message.content = this.cipher.encrypt(
        { destination, language, values, nativeSignup },
        message.publicId,
      );
    }
    await this.db.run(async () => {
      await this.messages.insert(message);
      this.db.afterCommit(() => {
        this.metrics.count(message, message.status);
        if (message.status === 'queued') this.dispatcher.wake();
      });
    });
  }
}
