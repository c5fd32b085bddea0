import { describe, expect, it } from 'vitest';
import { Message, MESSAGE_KINDS, maskDestination, type NewMessage } from '#app/messaging/index.js';
import { MessageTexts } from '#app/messaging/templates/message-texts.js';
import { languageFor, LANGUAGES } from '#app/messaging/templates/translations.js';
import { loadSettings } from '#app/shared/config/load-settings.js';
import { temporaryFolder } from '../support/processes.js';

/** GSM 03.38, the alphabet of which 160 letters make one SMS (in each, a letter of the second line counts as two). */
const GSM =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const GSM_EXTENSION = '^{}\\[~]|€';

function texts(env: Record<string, string> = {}): MessageTexts {
  const folder = temporaryFolder('settings');
  const settings = loadSettings(folder.path, { APP_SECRET: 'the secret of the tests', ...env });
  folder.remove();
  return new MessageTexts(settings);
}

function sms(from: MessageTexts, details: Partial<NewMessage>): string {
  const now = new Date('2026-11-20T10:00:00Z');
  const message: NewMessage = {
    userId: 1,
    kind: 'confirmation',
    channel: 'sms',
    destination: '+15551234567',
    language: 'en',
    values: {
      firstName: 'John',
      code: '123456',
      link: 'https://a.example/r?token=0123456789012345678901234567890123456789012',
    },
    expiresAt: new Date('2026-11-20T10:10:00Z'),
    suppressed: false,
    nativeSignup: false,
    ...details,
  };
  return from.sms(Message.from(message, now), message).body;
}

describe('SMS', () => {
  const marked = texts({ WEB_OTP_DOMAIN: 'app.clinic.example.org', ANDROID_APP_HASH: 'FA+9qCX9VSu' });

  it.each(LANGUAGES)('an SMS in %s fits into one segment', (language) => {
    for (const kind of MESSAGE_KINDS) {
      for (const nativeSignup of [true, false]) {
        const text = sms(marked, { kind, language, nativeSignup });
        const strange = [...text].filter(
          (letter) => !GSM.includes(letter) && !GSM_EXTENSION.includes(letter),
        );
        expect(strange).toEqual([]);
        const length = [...text].reduce((sum, letter) => sum + (GSM_EXTENSION.includes(letter) ? 2 : 1), 0);
        expect(length).toBeLessThanOrEqual(160);
      }
    }
  });

  it('an SMS differs by language', () => {
    expect(new Set(LANGUAGES.map((language) => sms(marked, { language }))).size).toBe(5);
  });

  it('an SMS ends with the line that lets a browser enter the code', () => {
    expect(sms(marked, {}).split('\n').at(-1)).toBe('@app.clinic.example.org #123456');
    expect(sms(marked, { kind: 'password_changed' })).not.toContain('@');
    expect(sms(texts(), {})).not.toMatch(/[@#\n]/);
  });

  it('an SMS ends with the hash of the app for people who signed up in it', () => {
    const text = sms(marked, { nativeSignup: true });
    expect(text.split('\n').at(-1)).toBe('FA+9qCX9VSu');
    expect(text).not.toContain('@app.clinic.example.org');
    expect(sms(texts({ WEB_OTP_DOMAIN: 'app.example.org' }), { nativeSignup: true })).not.toContain('@');
    expect(sms(marked, { nativeSignup: true, kind: 'password_changed' })).not.toContain('FA+9qCX9VSu');
    // What Android's SMS Retriever reads.
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(140);
  });
});

it.each([
  ['de-CH-1996', 'de'],
  ['pt-BR', 'pt'],
  ['ES', 'es'],
  ['fr', 'fr'],
  ['en-GB', 'en'],
  ['ja', 'en'],
  ['x-private', 'en'],
  ['deu', 'en'],
])('the language for %s is %s', (tag, language) => {
  expect(languageFor(tag)).toBe(language);
});

it('a masked destination shows the end of a number and the beginning of an address', () => {
  expect(maskDestination('+15551234567')).toBe('+*********67');
  expect(maskDestination('+4912345')).toBe('+*****45');
  expect(maskDestination('john.doe@example.com')).toBe('j***@example.com');
  expect(maskDestination('j@example.com')).toBe('j***@example.com');
});
