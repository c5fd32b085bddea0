import { Injectable } from '@nestjs/common';
import { WithinTransaction } from '../shared/events/domain-events.js';
import {
  ConfirmationWithdrawn,
  UserCancelled,
  UserConfirmed,
  UserCreated,
  UserDeleted,
  UsersService,
  UserUpdated,
} from '../users/index.js';
import { ConfirmationCodesService } from './confirmation-codes.service.js';
import { ConfirmationCodesRepository } from './confirmation-codes.repository.js';
import { ConfirmationService } from './confirmation.service.js';

/** Codes begin and end together with what makes them necessary or useless, in the same transaction. */
@Injectable()
export class ConfirmationCodesSubscriber {
  constructor(
    private readonly usersService: UsersService,
    private readonly confirmationCodesRepository: ConfirmationCodesRepository,
    private readonly confirmationCodesService: ConfirmationCodesService,
    private readonly confirmationService: ConfirmationService,
  ) {}

  @WithinTransaction(UserCreated, ConfirmationWithdrawn)
  async issue({ userId }: UserCreated | ConfirmationWithdrawn): Promise<void> {
    const user = await this.usersService.lock(userId);
    if (user.confirmed) return;
    if (user.active) await this.confirmationCodesService.issue(user);
    else await this.confirmationCodesRepository.deleteOfUser(userId);
  }

  /** A template user's code is always the same; one that was sent before it became a template user is not. */
  @WithinTransaction(UserUpdated)
  async replaceByTemplateCode({ userId, changed }: UserUpdated): Promise<void> {
    if (!changed.includes('template')) return;
    const user = await this.usersService.lock(userId);
    if (user.template) await this.confirmationCodesService.rewrite(user);
  }

  @WithinTransaction(UserConfirmed, UserCancelled)
  end({ userId }: UserConfirmed | UserCancelled): Promise<void> {
    return this.confirmationCodesRepository.deleteOfUser(userId);
  }

  /** The code itself goes with the account's row. */
  @WithinTransaction(UserDeleted)
  async forget({ userId }: UserDeleted): Promise<void> {
    await this.confirmationCodesService.forget(userId);
    await this.confirmationService.forget(userId);
  }
}
