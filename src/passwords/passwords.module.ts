import { Module } from '@nestjs/common';
import { LimitsModule } from '../limits/index.js';
import { MessagingModule } from '../messaging/index.js';
import { UsersModule } from '../users/index.js';
import { ResetPageController } from './page/reset-page.controller.js';
import { PasswordResetsRepository } from './password-resets.repository.js';
import { PasswordResetsService } from './password-resets.service.js';
import { PasswordsController } from './passwords.controller.js';
import { PasswordResetsSubscriber } from './password-resets.subscriber.js';
import { PasswordResetLink } from './password-reset-link.js';

/** Forgotten passwords, and the mails that tell an owner of changed credentials. */
@Module({
  imports: [UsersModule, MessagingModule, LimitsModule],
  controllers: [PasswordsController, ResetPageController],
  providers: [PasswordResetsRepository, PasswordResetsService, PasswordResetLink, PasswordResetsSubscriber],
  exports: [PasswordResetsService],
})
export class PasswordsModule {}
