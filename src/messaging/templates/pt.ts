import type { Translation } from './translation.js';

export const pt: Translation = {
  greeting: (name) => `Olá, ${name},`,
  greetingWithoutName: 'Olá,',
  messages: {
    confirmation: {
      sms: ({ code, minutes }) =>
        `Use ${code} para confirmar a sua conta. Vale por ${minutes} minutos. Nunca o mostre a ninguém.`,
      subject: 'O seu código de confirmação',
      intro: 'Confirme a sua conta com este código:',
      outro: ({ minutes }) =>
        `É válido por ${minutes} minutos. Nunca o mostre a ninguém. Se não o pediu, pode ignorar esta mensagem.`,
    },
    password_reset: {
      sms: ({ link, minutes }) => `Mude a sua senha (vale por ${minutes} minutos): ${link}`,
      subject: 'Mude a sua senha',
      intro: 'Pode escolher uma nova senha aqui:',
      button: 'Escolher uma nova senha',
      outro: ({ minutes }) =>
        `O link é válido por ${minutes} minutos e funciona uma só vez. Se não o pediu, pode ignorar esta mensagem: a sua senha não muda.`,
    },
    password_changed: {
      sms: () => 'A sua senha foi alterada. Se foi outra pessoa, contacte-nos de imediato.',
      subject: 'A sua senha foi alterada',
      intro: 'A senha da sua conta foi alterada.',
      outro: () => 'Se foi outra pessoa, redefina a sua senha e contacte-nos de imediato.',
    },
    email_changed: {
      sms: () => 'O e-mail da sua conta foi alterado. Se foi outra pessoa, contacte-nos de imediato.',
      subject: 'O seu endereço de e-mail foi alterado',
      intro: 'O endereço de e-mail da sua conta foi alterado. Este já não é utilizado.',
      outro: () => 'Se foi outra pessoa, contacte-nos de imediato.',
    },
  },
};
