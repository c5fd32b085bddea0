import type { Translation } from './translation.js';

export const pt: Translation = {
  greeting: (name) => `Olá, ${name},`,
  greetingWithoutName: 'Olá,',
  contact: (contact) => `Pode contactar-nos aqui: ${contact}`,
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
    phone_changed: {
      sms: () => 'O telefone da sua conta foi alterado. Se foi outra pessoa, contacte-nos de imediato.',
      subject: 'O seu número de telefone foi alterado',
      intro:
        'O número de telefone da sua conta foi alterado. Os códigos já não são enviados para o anterior.',
      outro: () => 'Se foi outra pessoa, contacte-nos de imediato.',
    },
    account_cancelled: {
      sms: () => 'A sua conta foi cancelada. Para a recuperar e mudar a palavra-passe, contacte-nos.',
      subject: 'A sua conta foi cancelada',
      intro: 'Não é possível repor a sua palavra-passe: a sua conta foi cancelada.',
      outro: () =>
        'Se foi o titular que o pediu e quer recuperar a conta, contacte-nos. Se não, pode ignorar esta mensagem.',
    },
  },
};
