import { Logger } from '@nestjs/common';
import type { Settings } from '../../shared/config/settings.js';
import type { Clock } from '../../shared/lib/clock.js';
import type { DevMailbox } from '../dev/dev-mailbox.js';
import type { EmailChannel } from './email-channel.js';
import { LogEmailChannel, LogSmsChannel, MissingEmailChannel } from './no-channel.js';
import type { SmsChannel } from './sms-channel.js';
import { SmtpEmailChannel } from './smtp-email-channel.js';
import { TwilioSmsChannel } from './twilio-sms-channel.js';
import { WebhookSmsChannel } from './webhook-sms-channel.js';

/** The channel that SMS_PROVIDER names. */
export function configuredSmsChannel({ sms }: Settings, mailbox: DevMailbox, clock: Clock): SmsChannel {
  if (sms.twilio) return new TwilioSmsChannel(sms.twilio);
  if (sms.webhook) return new WebhookSmsChannel(sms.webhook, clock);
  return new LogSmsChannel(mailbox);
}

/** The channel that SMTP_URL configures. */
export function configuredEmailChannel({ mail, isProduction }: Settings, mailbox: DevMailbox): EmailChannel {
  if (mail.smtpUrl !== null) return new SmtpEmailChannel({ url: mail.smtpUrl, from: mail.from });
  if (!isProduction) return new LogEmailChannel(mailbox);
  new Logger('Messaging').warn('SMTP_URL is not set: every e-mail will fail');
  return new MissingEmailChannel();
}
