import { Injectable } from '@nestjs/common';
import type { Settings } from '../../shared/config/settings.js';
import { SECOND } from '../../shared/lib/duration.js';
import { DeliveryFailed, DeliveryRefused } from './delivery-errors.js';
import { type Sms, SmsChannel } from './sms-channel.js';

export type TwilioSettings = NonNullable<Settings['sms']['twilio']>;

type SendSms = (sms: { to: string; from: string; body: string }) => Promise<unknown>;

const TIMEOUT_MS = 10 * SECOND;
/** Connections to Twilio at the same time: as many as messages may be under way. */
const MAX_SOCKETS = 128;

/** Sends by Twilio's official client. */
@Injectable()
export class TwilioSmsChannel extends SmsChannel {
  private client: Promise<SendSms> | undefined;

  constructor(private readonly settings: TwilioSettings) {
    super();
  }

  override async send({ to, body }: Sms, deadline: AbortSignal): Promise<void> {
    const create = await (this.client ??= connect(this.settings));
    deadline.throwIfAborted();
    try {
      await create({ to, from: this.settings.from, body });
    } catch (error) {
      throw translate(error);
    }
  }
}

/** Loads the client on first use: that takes a second, and most installations never need it. */
async function connect({ accountSid, authToken, apiUrl }: TwilioSettings): Promise<SendSms> {
  const { default: twilio } = await import('twilio');
  const httpClient = new twilio.RequestClient({ timeout: TIMEOUT_MS, maxSockets: MAX_SOCKETS });
  httpClient.axios.interceptors.request.use((request) => {
    // The client's own time-out starts again with every byte received.
    request.signal = AbortSignal.timeout(TIMEOUT_MS);
    return request;
  });
  const client = twilio(accountSid, authToken, { httpClient, logLevel: 'error' });
  if (apiUrl !== null) {
    const request = httpClient.request.bind(httpClient);
    httpClient.request = (options) => request({ ...options, uri: rebase(options.uri, apiUrl) });
  }
  return (sms) => client.messages.create(sms);
}

/** The same path at another server. */
function rebase(uri: string, base: string): string {
  const { pathname, search } = new URL(uri);
  return base.replace(/\/+$/, '') + pathname + search;
}

/** Twilio's 400 is about this message (not a phone number, unsubscribed, no permission for the country): a retry would not help. */
function translate(error: unknown): unknown {
  const { status, code } = error as { status?: unknown; code?: unknown };
  if (typeof status !== 'number') return error;
  const reason = `HTTP ${status}${typeof code === 'number' ? `, Twilio ${code}` : ''}`;
  return status === 400 ? new DeliveryRefused(reason) : new DeliveryFailed(reason);
}
