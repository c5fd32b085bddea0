import { Injectable } from '@nestjs/common';
import { PasswordAttemptLimits } from '../limits/index.js';
import { WithinTransaction } from '../shared/events/domain-events.js';
import { EmailChanged, PasswordChanged, UserCreated, UserDeleted, UsersService } from '../users/index.js';

/**
 * Resets the count of wrong passwords when it no longer concerns the account: the account has a new password (by a reset
 * or otherwise), is new, has a new address, or is deleted.
 */
@Injectable()
export class PasswordAttemptsSubscriber {
  constructor(
    private readonly usersService: UsersService,
    private readonly passwordAttemptLimits: PasswordAttemptLimits,
  ) {}

  @WithinTransaction(PasswordChanged, UserCreated, EmailChanged, UserDeleted)
  async reset({ userId }: PasswordChanged | UserCreated | EmailChanged | UserDeleted): Promise<void> {
    const user = await this.usersService.findOrNull(userId);
    if (user) await this.passwordAttemptLimits.refundAll(user.email);
  }
}
