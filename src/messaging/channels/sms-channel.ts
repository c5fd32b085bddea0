import type { MessageKind } from '../outbox.js';

export interface Sms {
  /** The same in every attempt, so that a provider can drop what it has accepted already. */
  readonly id: string;
  /** In E.164. */
  readonly to: string;
  readonly body: string;
  readonly userId: number;
  readonly kind: MessageKind;
}

/** Sends text messages. A team may replace it by a provider of its own. */
export abstract class SmsChannel {
  /**
   * Resolves once the provider has accepted the message.
   *
   * @param deadline aborted after ten seconds, or when the application ends: what is not accepted by then is tried again
   * @throws DeliveryRefused when the provider never will. Anything else is retried; a DeliveryFailed gives the log a reason
   */
  abstract send(message: Sms, deadline: AbortSignal): Promise<void>;
}
