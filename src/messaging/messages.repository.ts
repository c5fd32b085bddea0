import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { Message } from './message.entity.js';

/** Every statement on the table of messages. */
@Injectable()
export class MessagesRepository {
  constructor(private readonly db: UnitOfWork) {}

  async insert(message: Message): Promise<void> {
    await this.db.run(async (manager) => {
      const { id: _, user: __, ...columns } = message;
      const { identifiers } = await manager.insert(Message, columns);
      message.id = (identifiers[0] as { id: number }).id;
    });
  }
}
