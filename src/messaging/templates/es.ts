import type { Translation } from './translation.js';

export const es: Translation = {
  greeting: (name) => `Hola, ${name}:`,
  greetingWithoutName: 'Hola:',
  contact: (contact) => `Puede contactarnos aquí: ${contact}`,
  messages: {
    confirmation: {
      sms: ({ code, minutes }) =>
        `Use ${code} para confirmar su cuenta. Caduca en ${minutes} minutos. No lo comparta con nadie.`,
      subject: 'Su código de confirmación',
      intro: 'Confirme su cuenta con este código:',
      outro: ({ minutes }) =>
        `Es válido durante ${minutes} minutos. No lo comparta con nadie. Si no lo ha pedido, puede ignorar este mensaje.`,
    },
    password_reset: {
      sms: ({ link, minutes }) => `Cambie su contraseña (caduca en ${minutes} minutos): ${link}`,
      subject: 'Cambie su contraseña',
      intro: 'Aquí puede elegir una contraseña nueva:',
      button: 'Elegir una contraseña nueva',
      outro: ({ minutes }) =>
        `El enlace es válido durante ${minutes} minutos y solo funciona una vez. Si no lo ha pedido, puede ignorar este mensaje: su contraseña no cambia.`,
    },
    password_changed: {
      sms: () => 'Su contraseña ha cambiado. Si no ha sido usted, contacte con nosotros de inmediato.',
      subject: 'Su contraseña ha cambiado',
      intro: 'La contraseña de su cuenta ha cambiado.',
      outro: () =>
        'Si no ha sido usted, restablezca su contraseña y póngase en contacto con nosotros de inmediato.',
    },
    email_changed: {
      sms: () =>
        'El correo de su cuenta ha cambiado. Si no ha sido usted, contacte con nosotros de inmediato.',
      subject: 'Su dirección de correo ha cambiado',
      intro: 'La dirección de correo electrónico de su cuenta ha cambiado. Esta dirección ya no se usa.',
      outro: () => 'Si no ha sido usted, póngase en contacto con nosotros de inmediato.',
    },
    phone_changed: {
      sms: () =>
        'El teléfono de su cuenta ha cambiado. Si no ha sido usted, contacte con nosotros de inmediato.',
      subject: 'Su número de teléfono ha cambiado',
      intro: 'El número de teléfono de su cuenta ha cambiado. Los códigos ya no se envían al anterior.',
      outro: () => 'Si no ha sido usted, póngase en contacto con nosotros de inmediato.',
    },
    account_cancelled: {
      sms: () =>
        'Su cuenta fue cancelada y no es posible cambiar su clave. Si quiere recuperarla, contacte con nosotros.',
      subject: 'Su cuenta fue cancelada',
      intro: 'No es posible restablecer su contraseña: su cuenta fue cancelada.',
      outro: () =>
        'Si lo ha pedido usted y quiere recuperar su cuenta, póngase en contacto con nosotros. Si no, puede ignorar este mensaje.',
    },
  },
};
