/** What a message is about; also what the SMS webhook is told. */
export const MESSAGE_KINDS = [
  'confirmation',
  'password_reset',
  'password_changed',
  'email_changed',
  'phone_changed',
  'account_cancelled',
] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/**
 * What answers a request that anyone may make for any address. Metrics leave these out: a count that moves would tell
 * that the address has an account.
 */
export const UNSEEN_KINDS: readonly MessageKind[] = ['password_reset', 'account_cancelled'];

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
