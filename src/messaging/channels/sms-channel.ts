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

/** How text messages leave. A team may put its own provider in its place. */
export abstract class SmsChannel {
  /**
   * Resolves once the provider has accepted the message.
   *
   * @param deadline aborted after ten seconds, or when the application ends: what is not accepted by then is tried again
   * @throws DeliveryRefused when it never will; anything else is tried again
   */
  abstract send(message: Sms, deadline: AbortSignal): Promise<void>;
}
