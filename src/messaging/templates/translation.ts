import type { MessageKind } from '../outbox.js';

/** The values of a template. Which of them are set depends on the kind. */
export interface TemplateValues {
  /** Six digits. */
  readonly code: string;
  /** A URL. */
  readonly link: string;
  /** How long the code or the link works. */
  readonly minutes: number;
}

/** One kind of message in one language. */
export interface Wording {
  /**
   * One SMS of 160 characters of the GSM 03.38 alphabet, where link and hash leave room for it: letters outside it
   * (`á`, `ç`, `ê`, `ã`, `ó` ...) would more than halve that. So these texts do without them.
   */
  readonly sms: (values: TemplateValues) => string;
  readonly subject: string;
  /** Above the code or the link. */
  readonly intro: string;
  /** Label of the button that opens the link. */
  readonly button?: string;
  /** Below the code or the link. */
  readonly outro: (values: TemplateValues) => string;
}

/** All templates in one language. */
export interface Translation {
  readonly greeting: (name: string) => string;
  readonly greetingWithoutName: string;
  /** Where to ask: SUPPORT_CONTACT. */
  readonly contact: (contact: string) => string;
  readonly messages: Record<MessageKind, Wording>;
}
