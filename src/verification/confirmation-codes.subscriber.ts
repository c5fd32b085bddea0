import { Injectable } from '@nestjs/common';
import { WithinTransaction } from '../shared/events/domain-events.js';
import {
  ConfirmationRestored,
  ConfirmationWithdrawn,
  PhoneConfirmationVoided,
  UserCancelled,
  UserConfirmed,
  UserCreated,
  UserDeleted,
  UsersService,
  UserUpdated,
} from '../users/index.js';
import { ConfirmationCodeLimits } from './confirmation-code-limits.js';
import { ConfirmationCodesService } from './confirmation-codes.service.js';

/** Issues and deletes codes in the transaction of the change that makes them necessary or useless. */
@Injectable()
export class ConfirmationCodesSubscriber {
  constructor(
    private readonly usersService: UsersService,
    private readonly confirmationCodesService: ConfirmationCodesService,
    private readonly confirmationCodeLimits: ConfirmationCodeLimits,
  ) {}

  @WithinTransaction(UserCreated, ConfirmationWithdrawn)
  async issue({ userId }: UserCreated | ConfirmationWithdrawn): Promise<void> {
    const user = await this.usersService.lock(userId);
    if (user.confirmed) return;
    if (user.active) await this.confirmationCodesService.issue(user);
    else await this.confirmationCodesService.delete(userId);
  }

  /** All template users have the same code; a code issued before the account became one is different. */
  @WithinTransaction(UserUpdated)
  async replaceByTemplateCode({ userId, changed }: UserUpdated): Promise<void> {
    if (!changed.includes('template')) return;
    const user = await this.usersService.lock(userId);
    if (user.template) await this.confirmationCodesService.replaceByTemplateCode(user);
  }

  @WithinTransaction(UserConfirmed, UserCancelled, ConfirmationRestored, PhoneConfirmationVoided)
  delete({ userId }: { readonly userId: number }): Promise<void> {
    return this.confirmationCodesService.delete(userId);
  }

  /** The foreign key deletes the code itself. */
  @WithinTransaction(UserDeleted)
  deleteLimits({ userId }: UserDeleted): Promise<void> {
    return this.confirmationCodeLimits.refundAll(userId);
  }
}
