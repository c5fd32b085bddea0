import { Module } from '@nestjs/common';
import { LimitsModule } from '../limits/index.js';
import { MessagingModule } from '../messaging/index.js';
import { UsersModule } from '../users/index.js';
import { ConfirmationCodeHasher } from './confirmation-code-hasher.js';
import { ConfirmationCodeLimits } from './confirmation-code-limits.js';
import { ConfirmationCodesService } from './confirmation-codes.service.js';
import { ConfirmationCodesRepository } from './confirmation-codes.repository.js';
import { ConfirmationService } from './confirmation.service.js';
import { ConfirmationCodesSubscriber } from './confirmation-codes.subscriber.js';
import { VerificationController } from './verification.controller.js';

/** Confirmation codes: sent when an account is created or its channel changes, entered to confirm the account. */
@Module({
  imports: [UsersModule, MessagingModule, LimitsModule],
  controllers: [VerificationController],
  providers: [
    ConfirmationCodesRepository,
    ConfirmationCodeHasher,
    ConfirmationCodeLimits,
    ConfirmationCodesService,
    ConfirmationService,
    ConfirmationCodesSubscriber,
  ],
})
export class VerificationModule {}
