import { Injectable } from '@nestjs/common';
import { MessagesRepository } from '../messaging/index.js';
import { MAX_PAGE_SIZE, PageWindow } from '../shared/http/paging.dto.js';
import { PersonalData } from '../shared/lib/personal-data.js';
import { UserMessageResource } from './user-message.resource.js';

/** What somebody was sent, as far as it is still stored; the content is kept no longer than it takes to deliver it. */
@Injectable()
export class MessageData extends PersonalData {
  readonly section = 'messages';

  constructor(private readonly messagesRepository: MessagesRepository) {
    super();
  }

  override async of(userId: number): Promise<UserMessageResource[]> {
    const all: UserMessageResource[] = [];
    for (let page = 1; ; page++) {
      const window = new PageWindow({ page, pageSize: MAX_PAGE_SIZE });
      const { items } = await this.messagesRepository.findOfUser(userId, window);
      all.push(...items.map((message) => UserMessageResource.of(message)));
      if (items.length < MAX_PAGE_SIZE) return all;
    }
  }
}
