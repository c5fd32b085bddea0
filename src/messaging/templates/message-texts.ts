import { Injectable } from '@nestjs/common';
import { Settings } from '../../shared/config/settings.js';
import { MINUTE } from '../../shared/lib/duration.js';
import type { Email } from '../channels/email-channel.js';
import type { Sms } from '../channels/sms-channel.js';
import type { MessageContent } from '../message-content.js';
import type { Message } from '../message.entity.js';
import { emailHtml } from './email-html.js';
import { greetingName } from './greeting-name.js';
import type { MessageKind } from '../outbox.js';
import type { TemplateValues, Translation } from './translation.js';
import { languageFor, translationIn } from './translations.js';

/** Renders messages from their templates, in the person's language. */
@Injectable()
export class MessageTexts {
  constructor(private readonly settings: Settings) {}

  sms(message: Message, content: MessageContent): Sms {
    const { publicId, userId, kind } = message;
    const values = templateValues(message, content);
    const { sms } = translationIn(languageFor(content.language)).messages[kind];
    const text = sms(values);
    const marker = kind === 'confirmation' ? this.codeEntryMarker(values.code, content.nativeSignup) : null;
    const body = marker === null ? text : `${text}\n\n${marker}`;
    return { id: publicId, to: content.destination, body, userId, kind };
  }

  email(message: Message, content: MessageContent): Email {
    const { publicId, userId, kind } = message;
    const values = templateValues(message, content);
    const language = languageFor(content.language);
    const translation = translationIn(language);
    const { subject, intro, button, outro } = translation.messages[kind];
    const name = greetingName(content.values['firstName'] ?? '');
    const parts = {
      language,
      subject,
      greeting: name === null ? translation.greetingWithoutName : translation.greeting(name),
      intro,
      code: kind === 'confirmation' ? values.code : undefined,
      link: button === undefined ? undefined : { url: values.link, label: button },
      outro: this.withContact(outro(values), kind, translation),
    };
    const highlight = parts.code ?? parts.link?.url;
    const lines = [parts.greeting, parts.intro, ...(highlight === undefined ? [] : [highlight]), parts.outro];
    const text = `${lines.join('\n\n')}\n`;
    return {
      id: publicId,
      to: content.destination,
      subject,
      text,
      html: emailHtml(parts),
      language,
      userId,
      kind,
    };
  }

  private withContact(outro: string, kind: MessageKind, { contact }: Translation): string {
    const { supportContact } = this.settings;
    return supportContact !== null && WITH_CONTACT.includes(kind)
      ? `${outro}\n\n${contact(supportContact)}`
      : outro;
  }

  /**
   * The last line, by which a phone enters the code for the person: the hash of the app for Android's SMS Retriever, or
   * the web page's domain as the specification "Origin-bound one-time codes" has it.
   */
  private codeEntryMarker(code: string, nativeSignup: boolean): string | null {
    const { androidAppHash, webOtpDomain } = this.settings.sms;
    if (nativeSignup) return androidAppHash;
    return webOtpDomain === null ? null : `@${webOtpDomain} #${code}`;
  }
}

/** The value that the templates of a kind require. */
const REQUIRED_VALUE = {
  confirmation: 'code',
  password_reset: 'link',
  password_changed: null,
  email_changed: null,
  phone_changed: null,
  account_cancelled: null,
} as const;

/** What asks its reader to get in touch. */
const WITH_CONTACT: readonly MessageKind[] = [
  'password_changed',
  'email_changed',
  'phone_changed',
  'account_cancelled',
];

/** @throws when the message was queued without the value that its kind requires */
function templateValues({ kind, createdAt, expiresAt }: Message, { values }: MessageContent): TemplateValues {
  const required = REQUIRED_VALUE[kind];
  if (required !== null && !values[required]) throw new Error(`A message of kind ${kind} has no ${required}`);
  const minutes = Math.max(1, Math.round((expiresAt.getTime() - createdAt.getTime()) / MINUTE));
  return { code: values['code'] ?? '', link: values['link'] ?? '', minutes };
}
