import { Module } from '@nestjs/common';
import { LimitsModule } from '../limits/index.js';
import { MessagingModule } from '../messaging/index.js';
import { UsersModule } from '../users/index.js';
import { CodeHasher } from './code-hasher.js';
import { CodeIssuer } from './code-issuer.service.js';
import { ConfirmationCodesRepository } from './confirmation-codes.repository.js';
import { ConfirmationService } from './confirmation.service.js';
import { ConfirmationSubscriber } from './confirmation.subscriber.js';
import { VerificationController } from './verification.controller.js';

/** Confirmation codes: sent when an account begins or its channel changes, entered to confirm it. */
@Module({
  imports: [UsersModule, MessagingModule, LimitsModule],
  controllers: [VerificationController],
  providers: [
    ConfirmationCodesRepository,
    CodeHasher,
    CodeIssuer,
    ConfirmationService,
    ConfirmationSubscriber,
  ],
  exports: [ConfirmationService],
})
export class VerificationModule {}
