import { Injectable } from '@nestjs/common';
import { type Message, MessagesRepository } from '../messaging/index.js';
import { AccessLog } from '../shared/events/access-log.js';
import type { Page, PageWindow } from '../shared/http/paging.dto.js';
import { UsersService } from '../users/index.js';

/** What people were sent, for those who help them. */
@Injectable()
export class UserMessagesService {
  constructor(
    private readonly usersService: UsersService,
    private readonly messagesRepository: MessagesRepository,
    private readonly accessLog: AccessLog,
  ) {}

  /** @throws NotFound */
  async page(userId: number, window: PageWindow): Promise<Page<Message>> {
    const user = await this.usersService.find(userId);
    const page = await this.messagesRepository.findOfUser(user.id, window);
    await this.accessLog.read(user.id, 'user.messages_read');
    return page;
  }
}
