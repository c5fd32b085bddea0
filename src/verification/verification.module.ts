import { Module } from '@nestjs/common';
import { LimitsModule } from '../limits/index.js';
import { MessagingModule } from '../messaging/index.js';
import { UsersModule } from '../users/index.js';
import { ConfirmationCodeHasher } from './confirmation-code-hasher.js';
import { ConfirmationCodesService } from './confirmation-codes.service.js';
import { ConfirmationCodesRepository } from './confirmation-codes.repository.js';
import { ConfirmationService } from './confirmation.service.js';
import { ConfirmationCodesSubscriber } from './confirmation-codes.subscriber.js';
import { VerificationController } from './verification.controller.js';

/** Confirmation codes: sent when an account begins or its channel changes, entered to confirm it. */
@Module({
  imports: [UsersModule, MessagingModule, LimitsModule],
  controllers: [VerificationController],
  providers: [
    ConfirmationCodesRepository,
    ConfirmationCodeHasher,
    ConfirmationCodesService,
    ConfirmationService,
    ConfirmationCodesSubscriber,
  ],
  exports: [ConfirmationService],
})
export class VerificationModule {}
