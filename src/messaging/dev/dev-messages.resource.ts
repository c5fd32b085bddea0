import type { MessageKind, NewMessage } from '../outbox.js';
import type { ShownMessage } from './dev-mailbox.js';

export class DevMessageResource {
  /** @example "msg_3q2-7wAAAAAAAAAAAAAAAA" */
  id: string;
  /** @example "confirmation" */
  kind: MessageKind;
  /** @example "sms" */
  channel: NewMessage['channel'];
  /** @example "+15551234567" */
  to: string;
  /** @example 123 */
  userId: number;
  /**
   * Of an e-mail.
   * @example "Reset your password"
   */
  subject: string | null;
  /** @example "123456 is your confirmation code. It is valid for 10 minutes. Do not share it with anybody." */
  body: string;
  /** @example "2026-11-20T10:00:00.000Z" */
  createdAt: Date;
}

export class DevMessageListResource {
  messages: DevMessageResource[];

  static of(messages: readonly ShownMessage[]): DevMessageListResource {
    return {
      messages: messages.map(({ id, kind, channel, to, userId, subject, body, createdAt }) => ({
        id,
        kind,
        channel,
        to,
        userId,
        subject,
        body,
        createdAt,
      })),
    };
  }
}
