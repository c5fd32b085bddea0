import { messages } from '../../shared/validation/index.js';
import type { PageLanguage } from './page-language.js';

/** Everything that the page says. `problems` has the messages of the API in the reader's language. */
export interface PageTexts {
  readonly title: string;
  readonly intro: string;
  readonly account: string;
  readonly password: string;
  readonly confirmation: string;
  readonly submit: string;
  readonly notSaved: string;
  readonly doneTitle: string;
  readonly done: string;
  readonly deadTitle: string;
  readonly dead: string;
  readonly failedTitle: string;
  readonly tooOften: string;
  readonly failed: string;
  readonly problems: Readonly<Record<string, string>>;
}

const MIN = messages.tooShort(8);
const MAX = messages.tooLongInBytes(72);

export const PAGE_TEXTS: Readonly<Record<PageLanguage, PageTexts>> = {
  en: {
    title: 'Choose a new password',
    intro: 'At least 8 characters. Several words that you can remember are a good choice.',
    account: 'E-mail address',
    password: 'New password',
    confirmation: 'New password again',
    submit: 'Save the new password',
    notSaved: 'The password was not saved yet. Please look at what is marked.',
    doneTitle: 'Your new password is saved',
    done: 'You can sign in with it now. You were signed out everywhere.',
    deadTitle: 'This link does not work any more',
    dead: 'It has been used, has expired, or a newer one was sent. Please ask for a new link.',
    failedTitle: 'That did not work',
    tooOften: 'There were too many attempts. Please try again later.',
    failed: 'The password was not saved. Please try again in a moment.',
    problems: {
      [messages.BLANK]: 'Please enter a password.',
      [messages.INVALID]: 'This can not be used.',
      [messages.CONFIRMATION_DIFFERS]: 'The two passwords are not the same.',
      [messages.TOO_COMMON]: 'This password is too common: others would guess it.',
      [messages.NAME_OR_ADDRESS]: 'Your name or e-mail address can not be your password.',
      [MIN]: 'Too short: at least 8 characters are needed.',
      [MAX]: 'Too long: at most 72 bytes are possible.',
    },
  },
  es: {
    title: 'Elija una contraseña nueva',
    intro: 'Al menos 8 caracteres. Varias palabras que pueda recordar son una buena elección.',
    account: 'Correo electrónico',
    password: 'Contraseña nueva',
    confirmation: 'Repita la contraseña nueva',
    submit: 'Guardar la contraseña nueva',
    notSaved: 'La contraseña aún no se ha guardado. Revise lo que está marcado.',
    doneTitle: 'Su contraseña nueva se ha guardado',
    done: 'Ya puede iniciar sesión con ella. Se han cerrado todas sus sesiones.',
    deadTitle: 'Este enlace ya no funciona',
    dead: 'Ya se ha usado, ha caducado o se ha enviado otro más reciente. Solicite un enlace nuevo.',
    failedTitle: 'No ha funcionado',
    tooOften: 'Ha habido demasiados intentos. Inténtelo de nuevo más tarde.',
    failed: 'La contraseña no se ha guardado. Inténtelo de nuevo dentro de un momento.',
    problems: {
      [messages.BLANK]: 'Introduzca una contraseña.',
      [messages.INVALID]: 'No se puede usar.',
      [messages.CONFIRMATION_DIFFERS]: 'Las dos contraseñas no son iguales.',
      [messages.TOO_COMMON]: 'Esta contraseña es demasiado común: otros la adivinarían.',
      [messages.NAME_OR_ADDRESS]: 'Su nombre o su dirección de correo no pueden ser su contraseña.',
      [MIN]: 'Demasiado corta: se necesitan al menos 8 caracteres.',
      [MAX]: 'Demasiado larga: son posibles 72 bytes como máximo.',
    },
  },
  fr: {
    title: 'Choisissez un nouveau mot de passe',
    intro: 'Au moins 8 caractères. Plusieurs mots faciles à retenir sont un bon choix.',
    account: 'Adresse e-mail',
    password: 'Nouveau mot de passe',
    confirmation: 'Nouveau mot de passe, encore une fois',
    submit: 'Enregistrer le nouveau mot de passe',
    notSaved: 'Le mot de passe n’est pas encore enregistré. Vérifiez ce qui est signalé.',
    doneTitle: 'Votre nouveau mot de passe est enregistré',
    done: 'Vous pouvez maintenant vous connecter avec. Vous avez été déconnecté partout.',
    deadTitle: 'Ce lien ne fonctionne plus',
    dead: 'Il a été utilisé, a expiré, ou un plus récent a été envoyé. Demandez un nouveau lien.',
    failedTitle: 'Cela n’a pas fonctionné',
    tooOften: 'Il y a eu trop d’essais. Réessayez plus tard.',
    failed: 'Le mot de passe n’a pas été enregistré. Réessayez dans un instant.',
    problems: {
      [messages.BLANK]: 'Saisissez un mot de passe.',
      [messages.INVALID]: 'Ceci ne peut pas être utilisé.',
      [messages.CONFIRMATION_DIFFERS]: 'Les deux mots de passe ne sont pas identiques.',
      [messages.TOO_COMMON]: 'Ce mot de passe est trop courant : d’autres le devineraient.',
      [messages.NAME_OR_ADDRESS]: 'Votre nom ou votre adresse e-mail ne peut pas être votre mot de passe.',
      [MIN]: 'Trop court : il faut au moins 8 caractères.',
      [MAX]: 'Trop long : 72 octets au maximum sont possibles.',
    },
  },
  de: {
    title: 'Wählen Sie ein neues Passwort',
    intro: 'Mindestens 8 Zeichen. Mehrere Wörter, die Sie sich merken können, sind eine gute Wahl.',
    account: 'E-Mail-Adresse',
    password: 'Neues Passwort',
    confirmation: 'Neues Passwort noch einmal',
    submit: 'Neues Passwort speichern',
    notSaved: 'Das Passwort ist noch nicht gespeichert. Bitte sehen Sie nach, was markiert ist.',
    doneTitle: 'Ihr neues Passwort ist gespeichert',
    done: 'Sie können sich jetzt damit anmelden. Sie wurden überall abgemeldet.',
    deadTitle: 'Dieser Link gilt nicht mehr',
    dead: 'Er wurde schon benutzt, ist abgelaufen, oder es wurde ein neuerer geschickt. Bitte fordern Sie einen neuen an.',
    failedTitle: 'Das hat nicht funktioniert',
    tooOften: 'Es gab zu viele Versuche. Bitte versuchen Sie es später noch einmal.',
    failed: 'Das Passwort wurde nicht gespeichert. Bitte versuchen Sie es gleich noch einmal.',
    problems: {
      [messages.BLANK]: 'Bitte geben Sie ein Passwort ein.',
      [messages.INVALID]: 'Das kann nicht verwendet werden.',
      [messages.CONFIRMATION_DIFFERS]: 'Die beiden Passwörter sind nicht gleich.',
      [messages.TOO_COMMON]: 'Dieses Passwort ist zu verbreitet: Andere würden es erraten.',
      [messages.NAME_OR_ADDRESS]: 'Ihr Name oder Ihre E-Mail-Adresse kann nicht Ihr Passwort sein.',
      [MIN]: 'Zu kurz: Es müssen mindestens 8 Zeichen sein.',
      [MAX]: 'Zu lang: Es sind höchstens 72 Bytes möglich.',
    },
  },
  pt: {
    title: 'Escolha uma nova palavra-passe',
    intro: 'Pelo menos 8 caracteres. Várias palavras de que se consiga lembrar são uma boa escolha.',
    account: 'Endereço de e-mail',
    password: 'Nova palavra-passe',
    confirmation: 'Nova palavra-passe outra vez',
    submit: 'Guardar a nova palavra-passe',
    notSaved: 'A palavra-passe ainda não foi guardada. Verifique o que está assinalado.',
    doneTitle: 'A sua nova palavra-passe foi guardada',
    done: 'Já pode iniciar sessão com ela. Todas as suas sessões foram terminadas.',
    deadTitle: 'Esta ligação já não funciona',
    dead: 'Já foi usada, expirou ou foi enviada uma mais recente. Peça uma nova ligação.',
    failedTitle: 'Não funcionou',
    tooOften: 'Houve demasiadas tentativas. Tente novamente mais tarde.',
    failed: 'A palavra-passe não foi guardada. Tente novamente dentro de momentos.',
    problems: {
      [messages.BLANK]: 'Introduza uma palavra-passe.',
      [messages.INVALID]: 'Não pode ser usado.',
      [messages.CONFIRMATION_DIFFERS]: 'As duas palavras-passe não são iguais.',
      [messages.TOO_COMMON]: 'Esta palavra-passe é demasiado comum: outros adivinhá-la-iam.',
      [messages.NAME_OR_ADDRESS]: 'O seu nome ou endereço de e-mail não pode ser a sua palavra-passe.',
      [MIN]: 'Demasiado curta: são precisos pelo menos 8 caracteres.',
      [MAX]: 'Demasiado longa: são possíveis 72 bytes no máximo.',
    },
  },
};
