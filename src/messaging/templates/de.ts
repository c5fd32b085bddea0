import type { Translation } from './translation.js';

export const de: Translation = {
  greeting: (name) => `Guten Tag ${name},`,
  greetingWithoutName: 'Guten Tag,',
  contact: (contact) => `So erreichen Sie uns: ${contact}`,
  messages: {
    confirmation: {
      sms: ({ code, minutes }) =>
        `${code} ist Ihr Bestätigungscode. Er gilt ${minutes} Minuten. Bitte geben Sie ihn nicht weiter.`,
      subject: 'Ihr Bestätigungscode',
      intro: 'bitte bestätigen Sie Ihr Konto mit diesem Code:',
      outro: ({ minutes }) =>
        `Er gilt ${minutes} Minuten. Bitte geben Sie ihn nicht weiter. Wenn Sie ihn nicht angefordert haben, können Sie diese Nachricht ignorieren.`,
    },
    password_reset: {
      sms: ({ link, minutes }) => `Passwort neu setzen (gilt ${minutes} Minuten): ${link}`,
      subject: 'Setzen Sie Ihr Passwort neu',
      intro: 'hier können Sie ein neues Passwort setzen:',
      button: 'Neues Passwort setzen',
      outro: ({ minutes }) =>
        `Der Link gilt ${minutes} Minuten und funktioniert einmal. Wenn Sie ihn nicht angefordert haben, können Sie diese Nachricht ignorieren: Ihr Passwort bleibt, wie es ist.`,
    },
    password_changed: {
      sms: () => 'Ihr Passwort wurde geändert. Waren Sie das nicht, melden Sie sich bitte sofort bei uns.',
      subject: 'Ihr Passwort wurde geändert',
      intro: 'das Passwort Ihres Kontos wurde geändert.',
      outro: () =>
        'Wenn Sie das nicht waren, setzen Sie Ihr Passwort bitte neu und melden Sie sich sofort bei uns.',
    },
    email_changed: {
      sms: () =>
        'Die E-Mail-Adresse Ihres Kontos wurde geändert. Waren Sie das nicht, melden Sie sich bitte sofort bei uns.',
      subject: 'Ihre E-Mail-Adresse wurde geändert',
      intro: 'die E-Mail-Adresse Ihres Kontos wurde geändert. Diese hier wird nicht mehr verwendet.',
      outro: () => 'Wenn Sie das nicht waren, melden Sie sich bitte sofort bei uns.',
    },
    phone_changed: {
      sms: () =>
        'Die Telefonnummer Ihres Kontos wurde geändert. Waren Sie das nicht, melden Sie sich bitte sofort bei uns.',
      subject: 'Ihre Telefonnummer wurde geändert',
      intro: 'die Telefonnummer Ihres Kontos wurde geändert. An die bisherige gehen keine Codes mehr.',
      outro: () => 'Wenn Sie das nicht waren, melden Sie sich bitte sofort bei uns.',
    },
    account_cancelled: {
      sms: () =>
        'Ihr Konto wurde gekündigt, sein Passwort ist nicht mehr zu ändern. Bitte melden Sie sich bei uns, wenn Sie es wieder nutzen möchten.',
      subject: 'Ihr Konto wurde gekündigt',
      intro: 'Ihr Passwort lässt sich nicht neu setzen: Ihr Konto wurde gekündigt.',
      outro: () =>
        'Wenn Sie darum gebeten haben und Ihr Konto wieder nutzen möchten, melden Sie sich bitte bei uns. Wenn nicht, können Sie diese Nachricht ignorieren.',
    },
  },
};
