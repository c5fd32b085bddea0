import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport, type NodemailerError, type Transporter } from 'nodemailer';
import { SECOND } from '../../shared/lib/duration.js';
import { DeliveryRefused, failureReason } from './delivery-errors.js';
import { type Email, EmailChannel } from './email-channel.js';

export interface SmtpSettings {
  readonly url: string;
  /** `no-reply@example.org` or `Example <no-reply@example.org>` */
  readonly from: string;
}

const TIMEOUT_MS = 10 * SECOND;

/** Sends by SMTP, each message over a connection of its own: one that hangs delays no other. */
@Injectable()
export class SmtpEmailChannel extends EmailChannel implements OnApplicationShutdown {
  private readonly transport: Transporter;
  private readonly idDomain: string;

  constructor(private readonly settings: SmtpSettings) {
    super();
    this.transport = createTransport({
      url: settings.url,
      dnsTimeout: TIMEOUT_MS,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    this.idDomain = senderDomain(settings.from);
  }

  override async send(email: Email, deadline: AbortSignal): Promise<void> {
    try {
      await this.transport.sendMail({
        from: this.settings.from,
        // Not as a text, which would be parsed: an address is never more than one.
        to: { name: '', address: email.to },
        subject: email.subject,
        text: email.text,
        html: email.html,
        messageId: `<${email.id}@${this.idDomain}>`,
        headers: {
          'Content-Language': email.language,
          // RFC 3834: asks for no automatic replies.
          'Auto-Submitted': 'auto-generated',
        },
        signal: deadline,
      });
    } catch (error) {
      throw isRefusal(error) ? new DeliveryRefused(failureReason(error)) : error;
    }
  }

  onApplicationShutdown(): void {
    this.transport.close();
  }
}

/** The domain of message ids: `example.org` of `Example <no-reply@example.org>`. */
function senderDomain(from: string): string {
  return /@([^\s@>]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
}

/** A 5xx about the recipient or the content. One about the login or the sender comes from wrong settings and is retried. */
function isRefusal(error: unknown): boolean {
  const { permanent, command } = error as NodemailerError;
  return permanent === true && (command === 'RCPT TO' || command === 'DATA');
}
