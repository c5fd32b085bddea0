import { Injectable } from '@nestjs/common';
import { WithinTransaction } from '../shared/events/domain-events.js';
import { EmailChanged, PasswordChanged, UserCancelled } from '../users/index.js';
import { PasswordResetsService } from './password-resets.service.js';

/** Pending resets end together with what they were asked for, in the same transaction. */
@Injectable()
export class PasswordResetsSubscriber {
  constructor(private readonly passwordResetsService: PasswordResetsService) {}

  @WithinTransaction(PasswordChanged, EmailChanged, UserCancelled)
  end({ userId }: PasswordChanged | EmailChanged | UserCancelled): Promise<void> {
    return this.passwordResetsService.end(userId);
  }
}
