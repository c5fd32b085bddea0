import type { MessageKind } from '../outbox.js';

export interface Email {
  /** The same in every attempt, so that a provider can drop what it has accepted already. */
  readonly id: string;
  readonly to: string;
  /** Never holds anything that a person has written. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Of the texts, not of the person: `de` for somebody with `de-CH`. */
  readonly language: string;
  readonly userId: number;
  readonly kind: MessageKind;
}

/** How e-mails leave. A team may put its own provider in its place. */
export abstract class EmailChannel {
  /**
   * Resolves once the provider has accepted the message.
   *
   * @param deadline aborted after ten seconds, or when the application ends: what is not accepted by then is tried again
   * @throws DeliveryRefused when it never will; anything else is tried again
   */
  abstract send(message: Email, deadline: AbortSignal): Promise<void>;
}
