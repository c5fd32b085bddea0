import { Injectable } from '@nestjs/common';
import { PasswordAttemptLimits } from '../limits/index.js';
import { WithinTransaction } from '../shared/events/domain-events.js';
import { EmailChanged, PasswordChanged, UserCreated, UserDeleted, UsersService } from '../users/index.js';

type Beginning = PasswordChanged | UserCreated | EmailChanged | UserDeleted;

/**
 * Lets wrong passwords count from the first again where those before say nothing about the account any more: it has a
 * new password (by a reset or otherwise), it is new, it has a new address, or it is gone.
 */
@Injectable()
export class PasswordAttemptsSubscriber {
  constructor(
    private readonly usersService: UsersService,
    private readonly passwordAttemptLimits: PasswordAttemptLimits,
  ) {}

  @WithinTransaction(PasswordChanged, UserCreated, EmailChanged, UserDeleted)
  async clear({ userId }: Beginning): Promise<void> {
    const user = await this.usersService.findOrNull(userId);
    if (user) await this.passwordAttemptLimits.refundAll(user.email);
  }
}
