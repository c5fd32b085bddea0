import type { MessageKind } from '../outbox.js';

export interface Email {
  /** The same in every attempt, so that a provider can drop what it has accepted already. */
  readonly id: string;
  readonly to: string;
  /** Holds nothing that a person has written. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Of the texts, not of the person: `de` where the person's is `de-CH`. */
  readonly language: string;
  readonly userId: number;
  readonly kind: MessageKind;
}

/** Sends e-mails. A team may replace it by a provider of its own. */
export abstract class EmailChannel {
  /**
   * Resolves once the provider has accepted the message.
   *
   * @param deadline aborted after ten seconds, or when the application ends: what is not accepted by then is tried again
   * @throws DeliveryRefused when the provider never will. Anything else is retried; a DeliveryFailed gives the log a reason
   */
  abstract send(message: Email, deadline: AbortSignal): Promise<void>;
}
