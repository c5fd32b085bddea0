import { Injectable } from '@nestjs/common';
import type { DevMailbox } from '../dev/dev-mailbox.js';
import { DeliveryRefused } from './delivery-errors.js';
import { type Email, EmailChannel } from './email-channel.js';
import { type Sms, SmsChannel } from './sms-channel.js';

/** SMS_PROVIDER=log: shown, not sent. */
@Injectable()
export class LogSmsChannel extends SmsChannel {
  constructor(private readonly mailbox: DevMailbox) {
    super();
  }

  override async send(message: Sms): Promise<void> {
    this.mailbox.addSms(message);
  }
}

/** No SMTP_URL: shown, not sent. */
@Injectable()
export class LogEmailChannel extends EmailChannel {
  constructor(private readonly mailbox: DevMailbox) {
    super();
  }

  override async send(message: Email): Promise<void> {
    this.mailbox.addEmail(message);
  }
}

/** No SMTP_URL in production, where no message may be shown: e-mails fail, visibly to support and metrics. */
@Injectable()
export class MissingEmailChannel extends EmailChannel {
  override async send(): Promise<void> {
    throw new DeliveryRefused('SMTP_URL is not set');
  }
}
