import { Injectable } from '@nestjs/common';
import { Outbox } from '../messaging/index.js';
import { WithinTransaction } from '../shared/events/domain-events.js';
import { Clock } from '../shared/lib/clock.js';
import { after, DAY } from '../shared/lib/duration.js';
import { EmailChanged, PasswordChanged, PhoneChanged, type User, UsersService } from '../users/index.js';

/** A warning that arrives later would confuse more than it helps. */
const USEFUL_FOR_MS = 3 * DAY;

/**
 * Tells users by e-mail that their password or address was changed, so that they notice changes which they did not make.
 * A thief of an account would change its address first: notices go to the previous address.
 */
@Injectable()
export class AccountNoticesSubscriber {
  constructor(
    private readonly usersService: UsersService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  @WithinTransaction(PasswordChanged)
  async notifyOfPassword({ userId, previousEmail }: PasswordChanged): Promise<void> {
    const user = await this.usersService.find(userId);
    await this.notify(user, 'password_changed', previousEmail ?? user.email);
  }

  @WithinTransaction(EmailChanged)
  async notifyOfEmail({ userId, previousEmail }: EmailChanged): Promise<void> {
    await this.notify(await this.usersService.find(userId), 'email_changed', previousEmail);
  }

  /** By e-mail, and by SMS to the former number: the owner still has that phone. */
  @WithinTransaction(PhoneChanged)
  async notifyOfPhone({ userId, previousPhone }: PhoneChanged): Promise<void> {
    const user = await this.usersService.find(userId);
    await this.notify(user, 'phone_changed', user.email);
    if (previousPhone !== null) await this.notify(user, 'phone_changed', previousPhone, 'sms');
  }

  private async notify(
    user: User,
    kind: 'password_changed' | 'email_changed' | 'phone_changed',
    destination: string,
    channel: 'sms' | 'email' = 'email',
  ): Promise<void> {
    await this.outbox.add({
      userId: user.id,
      kind,
      channel,
      destination,
      language: user.language,
      values: { firstName: user.firstName },
      expiresAt: after(this.clock.now(), USEFUL_FOR_MS),
      suppressed: user.template,
      nativeSignup: user.nativeSignup,
    });
  }
}
