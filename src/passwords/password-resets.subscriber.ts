import { Injectable } from '@nestjs/common';
import { WithinTransaction } from '../shared/events/domain-events.js';
import { EmailChanged, PasswordChanged, UserCancelled } from '../users/index.js';
import { PasswordResetsService } from './password-resets.service.js';

/** Deletes pending resets in the transaction of the change that makes them useless. */
@Injectable()
export class PasswordResetsSubscriber {
  constructor(private readonly passwordResetsService: PasswordResetsService) {}

  @WithinTransaction(PasswordChanged, EmailChanged, UserCancelled)
  delete({ userId }: PasswordChanged | EmailChanged | UserCancelled): Promise<void> {
    return this.passwordResetsService.delete(userId);
  }
}
