import type { Translation } from './translation.js';

export const fr: Translation = {
  greeting: (name) => `Bonjour ${name},`,
  greetingWithoutName: 'Bonjour,',
  contact: (contact) => `Vous pouvez nous joindre ici : ${contact}`,
  messages: {
    confirmation: {
      sms: ({ code, minutes }) =>
        `${code} est votre code de confirmation. Il est valable ${minutes} minutes. Ne le communiquez à personne.`,
      subject: 'Votre code de confirmation',
      intro: 'Confirmez votre compte avec ce code :',
      outro: ({ minutes }) =>
        `Il est valable ${minutes} minutes. Ne le communiquez à personne. Si vous ne l’avez pas demandé, vous pouvez ignorer ce message.`,
    },
    password_reset: {
      sms: ({ link, minutes }) => `Changez de mot de passe (valable ${minutes} minutes) : ${link}`,
      subject: 'Changez votre mot de passe',
      intro: 'Vous pouvez choisir un nouveau mot de passe ici :',
      button: 'Choisir un nouveau mot de passe',
      outro: ({ minutes }) =>
        `Le lien est valable ${minutes} minutes et ne fonctionne qu’une fois. Si vous ne l’avez pas demandé, vous pouvez ignorer ce message : votre mot de passe ne change pas.`,
    },
    password_changed: {
      sms: () => "Votre mot de passe a été modifié. Si ce n'est pas vous, contactez-nous sans attendre.",
      subject: 'Votre mot de passe a été modifié',
      intro: 'Le mot de passe de votre compte a été modifié.',
      outro: () => 'Si ce n’est pas vous, réinitialisez votre mot de passe et contactez-nous sans attendre.',
    },
    email_changed: {
      sms: () =>
        "L'adresse e-mail de votre compte a été modifiée. Si ce n'est pas vous, contactez-nous sans attendre.",
      subject: 'Votre adresse e-mail a été modifiée',
      intro: 'L’adresse e-mail de votre compte a été modifiée. Celle-ci n’est plus utilisée.',
      outro: () => 'Si ce n’est pas vous, contactez-nous sans attendre.',
    },
    phone_changed: {
      sms: () =>
        "Le numéro de téléphone de votre compte a été modifié. Si ce n'est pas vous, contactez-nous sans attendre.",
      subject: 'Votre numéro de téléphone a été modifié',
      intro:
        'Le numéro de téléphone de votre compte a été modifié. Les codes ne sont plus envoyés à l’ancien.',
      outro: () => 'Si ce n’est pas vous, contactez-nous sans attendre.',
    },
    account_cancelled: {
      sms: () =>
        'Votre compte a été résilié : son mot de passe ne peut plus changer. Pour le retrouver, contactez-nous.',
      subject: 'Votre compte a été résilié',
      intro: 'Votre mot de passe ne peut pas être réinitialisé : votre compte a été résilié.',
      outro: () =>
        'Si vous l’avez demandé et souhaitez retrouver votre compte, contactez-nous. Sinon, vous pouvez ignorer ce message.',
    },
  },
};
