import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../shared/lib/clock.js';
import type { Email } from '../channels/email-channel.js';
import type { Sms } from '../channels/sms-channel.js';
import type { MessageKind, NewMessage } from '../outbox.js';

/** A message as it would have been sent by a real channel. */
export interface ShownMessage {
  readonly id: string;
  readonly kind: MessageKind;
  readonly channel: NewMessage['channel'];
  readonly to: string;
  readonly userId: number;
  readonly subject: string | null;
  readonly body: string;
  readonly createdAt: Date;
}

const CAPACITY = 100;

/** Shows messages that have no real channel, outside production: in the log and on the page /dev/messages. */
@Injectable()
export class DevMailbox {
  private readonly logger = new Logger('DevMailbox');
  private readonly messages: ShownMessage[] = [];

  constructor(private readonly clock: Clock) {}

  addSms({ id, kind, to, userId, body }: Sms): void {
    this.logger.log(`SMS to ${to}: ${body}`);
    this.add({ id, kind, channel: 'sms', to, userId, subject: null, body, createdAt: this.clock.now() });
  }

  addEmail({ id, kind, to, userId, subject, text }: Email): void {
    this.logger.log(`E-mail to ${to}: ${subject}\n${text}`);
    this.add({ id, kind, channel: 'email', to, userId, subject, body: text, createdAt: this.clock.now() });
  }

  /** The last hundred, newest first. */
  list(): readonly ShownMessage[] {
    return this.messages;
  }

  private add(message: ShownMessage): void {
    this.messages.unshift(message);
    this.messages.length = Math.min(this.messages.length, CAPACITY);
  }
}
