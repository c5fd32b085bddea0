import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { Clock } from '../shared/time/clock.js';
import { Message } from './message.entity.js';
import { ContentCipher } from './message-content.js';
import { MessagesRepository } from './messages.repository.js';
import { type NewMessage, Outbox } from './outbox.js';

/** Keeps messages in the database, beside what they tell of. */
@Injectable()
export class TransactionalOutbox extends Outbox {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly cipher: ContentCipher,
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
    await this.db.run(() => this.messages.insert(message));
  }
}
