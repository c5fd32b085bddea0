import { createHash } from 'node:crypto';
import { escapeHtml } from '../../shared/lib/escape-html.js';
import type { PageLanguage } from './page-language.js';
import { PAGE_TEXTS, type PageTexts } from './page-texts.js';

const STYLE = `
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; font: 1.0625rem/1.5 system-ui,
  sans-serif; color: #1b2733; background: #eef2f5; }
main { width: 100%; max-width: 26rem; padding: 2rem; background: #fff; border-radius: .75rem;
  box-shadow: 0 1px 3px rgb(0 0 0 / .15); }
h1 { margin: 0 0 .75rem; font-size: 1.375rem; line-height: 1.3; }
p { margin: 0 0 1rem; }
label { display: block; margin-top: 1.25rem; font-weight: 600; }
input { width: 100%; margin-top: .375rem; padding: .625rem .75rem; font: inherit; color: inherit; background: #fff;
  border: 1px solid #6b7a88; border-radius: .375rem; }
input[aria-invalid] { border: 2px solid #b3261e; }
input[readonly] { margin: 0; padding: 0; background: none; border-color: transparent; }
.problem, .summary { color: #b3261e; }
.problem { margin: .375rem 0 0; font-size: .9375rem; }
button { width: 100%; margin-top: 1.75rem; padding: .75rem; font: inherit; font-weight: 600; color: #fff;
  background: #0b5cad; border: 0; border-radius: .375rem; cursor: pointer; }
button:hover { background: #094a8c; }
:focus-visible { outline: 3px solid #f2a900; outline-offset: 2px; }
@media (prefers-color-scheme: dark) {
  body { color: #e6ebf0; background: #11181f; }
  main { background: #1c252e; }
  input { background: #11181f; border-color: #8a98a6; }
  .problem, .summary { color: #ffb4ab; }
  input[aria-invalid] { border-color: #ffb4ab; }
}
`;

/** Nothing but this page's own style and its own form: no script, no picture, no frame, nothing from elsewhere. */
const CONTENT_SECURITY_POLICY =
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
  `form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;

/** The page's address carries a token: it is to stay in nobody's cache, and no other page is told of it. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex',
};

/** Messages of the API by field. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

export interface ResetForm {
  readonly token: string;
  /** Whose password it is: for the person, and for the program that keeps their passwords. */
  readonly email: string;
}

/** The form. Its action names no token: that travels in the body alone. */
export function formPage(
  language: PageLanguage,
  { token, email }: ResetForm,
  errors: FieldErrors = {},
): string {
  const texts = PAGE_TEXTS[language];
  const hasErrors = Object.keys(errors).length > 0;
  const first = errors['password'] ? 'password' : 'password_confirmation';
  const field = (name: string, label: string): string =>
    passwordField({
      name,
      label,
      problems: problems(texts, errors[name]),
      focus: !hasErrors ? name === 'password' : name === first,
    });
  return page(
    language,
    texts.title,
    `<p id="hint">${escapeHtml(texts.intro)}</p>
${hasErrors ? `<p class="summary" role="alert">${escapeHtml(texts.notSaved)}</p>\n` : ''}<form method="post" action="reset-password" novalidate>
<input type="hidden" name="token" value="${escapeHtml(token)}">
<label for="account">${escapeHtml(texts.account)}</label>
<input type="email" id="account" autocomplete="username" readonly value="${escapeHtml(email)}">
${field('password', texts.password)}
${field('password_confirmation', texts.confirmation)}
<button type="submit">${escapeHtml(texts.submit)}</button>
</form>`,
  );
}

export function donePage(language: PageLanguage): string {
  const { doneTitle, done } = PAGE_TEXTS[language];
  return page(language, doneTitle, `<p role="status">${escapeHtml(done)}</p>`);
}

/** For a token that is wrong, used, replaced or expired. */
export function deadLinkPage(language: PageLanguage): string {
  const { deadTitle, dead } = PAGE_TEXTS[language];
  return page(language, deadTitle, `<p role="alert">${escapeHtml(dead)}</p>`);
}

/** For whatever else went wrong. */
export function failurePage(language: PageLanguage, status: number): string {
  const { failedTitle, tooOften, failed } = PAGE_TEXTS[language];
  return page(language, failedTitle, `<p role="alert">${escapeHtml(status === 429 ? tooOften : failed)}</p>`);
}

interface Field {
  readonly name: string;
  readonly label: string;
  readonly problems: readonly string[];
  readonly focus: boolean;
}

function passwordField({ name, label, problems: found, focus }: Field): string {
  const described = [
    ...(name === 'password' ? ['hint'] : []),
    ...(found.length > 0 ? [`${name}-problem`] : []),
  ];
  const attributes = [
    `type="password" id="${name}" name="${name}" autocomplete="new-password" required`,
    ...(described.length > 0 ? [`aria-describedby="${described.join(' ')}"`] : []),
    ...(found.length > 0 ? ['aria-invalid="true"'] : []),
    ...(focus ? ['autofocus'] : []),
  ];
  const problem =
    found.length > 0
      ? `\n<p class="problem" id="${name}-problem">${found.map(escapeHtml).join('<br>')}</p>`
      : '';
  return `<label for="${name}">${escapeHtml(label)}</label>\n<input ${attributes.join(' ')}>${problem}`;
}

/** A team's own password policy may have messages that no translation is known of. */
function problems(texts: PageTexts, found: readonly string[] = []): string[] {
  return found.map((message) => texts.problems[message] ?? message);
}

function page(language: PageLanguage, title: string, content: string): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${content}
</main>
</body>
</html>
`;
}
