/** What a message is about; the SMS webhook gets it, too. */
export const MESSAGE_KINDS = ['confirmation', 'password_reset', 'password_changed', 'email_changed'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** A message to one person. Its texts come from the templates of its kind, channel and language. */
export interface NewMessage {
  readonly userId: number;
  readonly kind: MessageKind;
  readonly channel: 'sms' | 'email';
  /** In E.164, or an e-mail address. */
  readonly destination: string;
  /** BCP 47; templates fall back from `de-CH` to `de` to `en`. */
  readonly language: string;
  /**
   * What the template puts in: `firstName` for every e-mail, `code` for a confirmation, `link` for a password reset.
   * Kept encrypted until the message is delivered.
   */
  readonly values: Readonly<Record<string, string>>;
  /** From then on the message is of no use and is not sent any more. */
  readonly expiresAt: Date;
  /** Recorded, never sent: of a template user, or withheld by the SMS guard. */
  readonly suppressed: boolean;
  /** Made in a phone app: a code's SMS carries the app's hash instead of the web page's line. */
  readonly nativeSignup: boolean;
}

/** Transactional outbox: a message is stored together with its cause and delivered once that is committed. */
export abstract class Outbox {
  /** Queues a message in the caller's unit of work; it goes out once that is committed. */
  abstract add(message: NewMessage): Promise<void>;
}
