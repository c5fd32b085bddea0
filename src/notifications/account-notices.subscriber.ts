import { Injectable } from '@nestjs/common';
import { Outbox } from '../messaging/index.js';
import { WithinTransaction } from '../shared/events/domain-events.js';
import { Clock } from '../shared/lib/clock.js';
import { after, DAY } from '../shared/lib/duration.js';
import { EmailChanged, PasswordChanged, type User, UsersService } from '../users/index.js';

/** A warning that comes later than this would rather confuse than help. */
const USEFUL_FOR_MS = 3 * DAY;

/**
 * Tells owners what happened to their account, by e-mail, so that they notice when it was not them. Whoever took an
 * account over would have changed the address first: notices go to the one that was there before.
 */
@Injectable()
export class AccountNoticesSubscriber {
  constructor(
    private readonly usersService: UsersService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  @WithinTransaction(PasswordChanged)
  async tellOfPassword({ userId, previousEmail }: PasswordChanged): Promise<void> {
    const user = await this.usersService.find(userId);
    await this.tell(user, 'password_changed', previousEmail ?? user.email);
  }

  @WithinTransaction(EmailChanged)
  async tellOfEmail({ userId, previousEmail }: EmailChanged): Promise<void> {
    await this.tell(await this.usersService.find(userId), 'email_changed', previousEmail);
  }

  private async tell(user: User, kind: 'password_changed' | 'email_changed', email: string): Promise<void> {
    await this.outbox.add({
      userId: user.id,
      kind,
      channel: 'email',
      destination: email,
      language: user.language,
      values: { firstName: user.firstName },
      expiresAt: after(this.clock.now(), USEFUL_FOR_MS),
      suppressed: user.template,
      nativeSignup: user.nativeSignup,
    });
  }
}
