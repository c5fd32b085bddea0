import { Module } from '@nestjs/common';
import { MessagingModule } from '../messaging/index.js';
import { UsersModule } from '../users/index.js';
import { AccountNoticesSubscriber } from './account-notices.subscriber.js';
import { MessageData } from './message-data.js';
import { UserMessagesService } from './user-messages.service.js';
import { UserMessagesController } from './user-messages.controller.js';

/** What account owners are told of changes, and what support sees of all that a person was sent. */
@Module({
  imports: [UsersModule, MessagingModule],
  controllers: [UserMessagesController],
  providers: [UserMessagesService, AccountNoticesSubscriber, MessageData],
})
export class NotificationsModule {}
