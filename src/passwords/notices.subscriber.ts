import { Injectable } from '@nestjs/common';
import { type MessageKind, Outbox } from '../messaging/index.js';
import { WithinTransaction } from '../shared/events/domain-events.js';
import { Clock } from '../shared/time/clock.js';
import { after, DAY } from '../shared/time/duration.js';
import { EmailChanged, PasswordChanged, type User, UsersRepository } from '../users/index.js';

/** Late is better than never, but a mail that says "just now" should not come next week. */
const LIFETIME_MS = 3 * DAY;

/**
 * Tells the owner of an account what was done to its credentials, at the address that was the account's before: if it
 * was somebody else's doing, that is the address that the owner still reads.
 */
@Injectable()
export class NoticesSubscriber {
  constructor(
    private readonly users: UsersRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  @WithinTransaction(PasswordChanged)
  async passwordChanged({ userId, previousEmail }: PasswordChanged): Promise<void> {
    const user = await this.users.lock(userId);
    await this.tell(user, 'password_changed', previousEmail ?? user.email);
  }

  @WithinTransaction(EmailChanged)
  async emailChanged({ userId, previousEmail }: EmailChanged): Promise<void> {
    await this.tell(await this.users.lock(userId), 'email_changed', previousEmail);
  }

  private async tell(user: User, kind: MessageKind, destination: string): Promise<void> {
    await this.outbox.add({
      userId: user.id,
      kind,
      channel: 'email',
      destination,
      language: user.language,
      values: { firstName: user.firstName },
      expiresAt: after(this.clock.now(), LIFETIME_MS),
      suppressed: user.template,
      nativeSignup: user.nativeSignup,
    });
  }
}
