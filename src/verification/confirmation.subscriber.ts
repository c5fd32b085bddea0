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
import { CodeIssuer } from './code-issuer.service.js';
import { ConfirmationCodesRepository } from './confirmation-codes.repository.js';
import { ConfirmationService } from './confirmation.service.js';

/** Codes begin and end together with what makes them necessary or useless, in the same transaction. */
@Injectable()
export class ConfirmationSubscriber {
  constructor(
    private readonly usersService: UsersService,
    private readonly codes: ConfirmationCodesRepository,
    private readonly issuer: CodeIssuer,
    private readonly confirmation: ConfirmationService,
  ) {}

  @WithinTransaction(UserCreated, ConfirmationWithdrawn)
  async issue({ userId }: UserCreated | ConfirmationWithdrawn): Promise<void> {
    const user = await this.usersService.lock(userId);
    if (user.confirmed) return;
    if (user.active) await this.issuer.issue(user);
    else await this.codes.deleteOfUser(userId);
  }

  /** A template user's code is always the same; one that was sent before it became a template user is not. */
  @WithinTransaction(UserUpdated)
  async replaceByTemplateCode({ userId, changed }: UserUpdated): Promise<void> {
    if (!changed.includes('template')) return;
    const user = await this.usersService.lock(userId);
    if (user.template) await this.issuer.rewrite(user);
  }

  @WithinTransaction(UserConfirmed, UserCancelled)
  end({ userId }: UserConfirmed | UserCancelled): Promise<void> {
    return this.codes.deleteOfUser(userId);
  }

  /** The code itself goes with the account's row. */
  @WithinTransaction(UserDeleted)
  async forget({ userId }: UserDeleted): Promise<void> {
    await this.issuer.forget(userId);
    await this.confirmation.forget(userId);
  }
}
