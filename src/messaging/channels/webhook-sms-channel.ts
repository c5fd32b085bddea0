import { Injectable } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';
import { Clock } from '../../shared/lib/clock.js';
import { DeliveryFailed } from './delivery-errors.js';
import { type Sms, SmsChannel } from './sms-channel.js';

export interface WebhookSettings {
  readonly url: string;
  /** `whsec_<base64>` */
  readonly secret: string;
}

/**
 * Posts each SMS to a URL of the operator, signed as the Standard Webhooks specification says. Any 2xx counts as
 * accepted, a redirect does not: it could lead into the internal network.
 */
@Injectable()
export class WebhookSmsChannel extends SmsChannel {
  private readonly webhook: Webhook;
  private readonly url: string;
  private readonly authorization: Record<string, string>;

  constructor(
    { url, secret }: WebhookSettings,
    private readonly clock: Clock,
  ) {
    super();
    this.webhook = new Webhook(secret);
    // `fetch` refuses credentials in a URL; they go into the header that they stand for.
    const { username, password } = new URL(url);
    const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
    this.authorization =
      username === '' && password === '' ? {} : { authorization: `Basic ${credentials.toString('base64')}` };
    this.url = Object.assign(new URL(url), { username: '', password: '' }).href;
  }

  override async send({ id, to, body, userId, kind }: Sms, deadline: AbortSignal): Promise<void> {
    const payload = JSON.stringify({ id, to, body, user_id: userId, kind });
    const now = this.clock.now();
    const response = await fetch(this.url, {
      method: 'POST',
      headers: {
        ...this.authorization,
        'content-type': 'application/json',
        'user-agent': 'general-users-api',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': this.webhook.sign(id, now, payload),
      },
      body: payload,
      redirect: 'manual',
      signal: deadline,
    });
    // Only the status counts; an unread body would keep the connection busy.
    await response.body?.cancel();
    if (!response.ok) throw new DeliveryFailed(`HTTP ${response.status}`);
  }
}
