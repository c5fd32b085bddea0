import type { Translation } from './translation.js';

export const en: Translation = {
  greeting: (name) => `Hello ${name},`,
  greetingWithoutName: 'Hello,',
  contact: (contact) => `You can reach us here: ${contact}`,
  messages: {
    confirmation: {
      sms: ({ code, minutes }) =>
        `${code} is your confirmation code. It is valid for ${minutes} minutes. Do not share it with anybody.`,
      subject: 'Your confirmation code',
      intro: 'Please confirm your account with this code:',
      outro: ({ minutes }) =>
        `It is valid for ${minutes} minutes. Do not share it with anybody. If you did not ask for it, you can ignore this message.`,
    },
    password_reset: {
      sms: ({ link, minutes }) => `Reset your password (valid for ${minutes} minutes): ${link}`,
      subject: 'Reset your password',
      intro: 'You can set a new password here:',
      button: 'Set a new password',
      outro: ({ minutes }) =>
        `The link is valid for ${minutes} minutes and works once. If you did not ask for it, you can ignore this message: your password stays as it is.`,
    },
    password_changed: {
      sms: () => 'Your password was changed. If that was not you, please contact us at once.',
      subject: 'Your password was changed',
      intro: 'The password of your account was changed.',
      outro: () => 'If that was not you, please reset your password and contact us at once.',
    },
    email_changed: {
      sms: () =>
        'The e-mail address of your account was changed. If that was not you, please contact us at once.',
      subject: 'Your e-mail address was changed',
      intro: 'The e-mail address of your account was changed. This one is no longer used for it.',
      outro: () => 'If that was not you, please contact us at once.',
    },
    phone_changed: {
      sms: () =>
        'The phone number of your account was changed. If that was not you, please contact us at once.',
      subject: 'Your phone number was changed',
      intro: 'The phone number of your account was changed. Codes no longer go to the one before.',
      outro: () => 'If that was not you, please contact us at once.',
    },
    account_cancelled: {
      sms: () =>
        'Your account was cancelled, so its password cannot be reset. Please contact us if you want it back.',
      subject: 'Your account was cancelled',
      intro: 'Your password can not be reset: your account was cancelled.',
      outro: () =>
        'If you asked for it and want your account back, please contact us. If not, you can ignore this message.',
    },
  },
};
