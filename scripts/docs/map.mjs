// "I want to change X: look there", for CONTRIBUTING.md. Sources are named by what they declare; the files are found.
import { table } from './markdown.mjs';
import { fileOf } from './sources.mjs';

const PLACES = [
  ['what counts as a phone number', ['parsePhoneNumber']],
  ['what counts as an e-mail address', ['normalizeEmail']],
  ['what a password must be', ['DefaultPasswordPolicy'], 'replaceable: the port `PasswordPolicy`'],
  ['how passwords are hashed', ['BcryptPasswordHasher'], 'replaceable: the port `PasswordHasher`'],
  ['who may do what to an account', ['USER_POLICY']],
  ['who may call a route', ['Public'], 'its decorators: `@Public`, `@AdminOnly`, `@ClinicalOnly`, `@Permit`'],
  ['how long sessions last', ['lifetimeOf']],
  ['the figure of a limit', ['.env', 'readLimits'], 'the section Limits of the former'],
  ['confirmation codes: when, where to, how long', ['ConfirmationCodesService']],
  ['password resets', ['PasswordResetsService', 'PasswordResetLink']],
  ['the text of a message, SMS or e-mail', ['en'], 'and the other languages beside it'],
  ['a language of messages', ['TRANSLATIONS'], 'and `PAGE_TEXTS` for the page of resets'],
  ['the page that sets a new password', ['ResetPageController', 'PAGE_TEXTS']],
  ['who sends SMS and e-mail', ['configuredSmsChannel'], 'one class a channel, beside it'],
  ['when a delivery is tried again', ['retryDelay']],
  ['the wording of a validation error', ['BLANK'], 'the rule that says it is in the same folder'],
  ['any other error: its status and its wording', ['NotFound', 'ErrorsFilter']],
  [
    'a route',
    ['UsersController'],
    'or another of the [table](docs/architecture.md#every-route); then `npm run openapi`, `npm run docs`',
  ],
  ['a field of the profile', ['User', 'UserAttributesDto', 'UserResource'], 'and a migration'],
  ['a rule that needs the database or other fields', ['UserRules']],
  ['the schema', ['schemaWith', 'src/migrations/'], 'a new migration, listed in the schema'],
  [
    'what happens on an event',
    ['docs/architecture.md'],
    'the [table of events](docs/architecture.md#every-event) names every subscriber',
  ],
  ['what the audit log records', ['AuditableEvent', 'AccessLog']],
  ['how long rows are kept', ['CleanUp'], 'the module that owns the rows registers them there'],
  ['a setting', ['.env', 'loadSettings', 'Settings'], 'then `npm run docs`'],
  ['what is logged', ['createLogger'], 'requests: `addRequestHooks`'],
  ['headers of every answer', ['addSecurityHeaders']],
  ['a metric', ['HttpMetrics']],
  ['a command of the command line', ['src/cli.ts']],
  ['a module of your own', ['docs/extending.md', 'src/extensions.ts']],
];

export function map() {
  const rows = PLACES.map(([what, places, hint]) => {
    const links = places.map((place) => {
      const path = /[./]/.test(place) ? place : fileOf(place);
      return `[${path}](${path})`;
    });
    return [what, [links.join('<br>'), ...(hint ? [hint] : [])].join('<br>')];
  });
  return table(['I want to change', 'look there'], rows);
}
