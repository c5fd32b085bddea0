import { escapeHtml } from '../../shared/lib/escape-html.js';
import type { ShownMessage } from './dev-mailbox.js';

/** Nothing is loaded and no script runs: what a message holds can do no harm here. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const STYLE = `
  :root { color-scheme: light dark; --line: #d9dee5; --soft: #66717f; --card: #fff; --page: #f4f5f7; --ink: #1f2933; --link: #1d4ed8; }
  @media (prefers-color-scheme: dark) { :root { --line: #374151; --soft: #9aa5b1; --card: #1f2630; --page: #151a21; --ink: #e4e7eb; --link: #8ab4ff; } }
  body { margin: 0; padding: 2rem 1rem; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
  main { max-width: 46rem; margin: 0 auto; }
  h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
  a { color: var(--link); }
  .hint { color: var(--soft); margin: 0 0 1.5rem; }
  article { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem 1.25rem; margin: 0 0 1rem; }
  header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; color: var(--soft); font-size: .875rem; }
  header strong { color: var(--ink); }
  h2 { font-size: 1rem; margin: .75rem 0 0; }
  pre { margin: .75rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 15px/1.5 ui-monospace, monospace; }
`;

/** The messages as a page for people who try the API. */
export function devMessagesPage(messages: readonly ShownMessage[]): string {
  const content =
    messages.length === 0
      ? '<p>None yet. Sign somebody up: <code>POST /v1/users</code></p>'
      : messages.map(card).join('\n');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Messages - General Users API</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Messages</h1>
<p class="hint">What would have been sent, newest first, the last hundred. <a href="/dev/messages">Reload</a></p>
${content}
</main>
</body>
</html>
`;
}

function card({ kind, channel, to, userId, subject, body, createdAt }: ShownMessage): string {
  const time = createdAt.toISOString();
  return `<article>
<header><strong>${channel === 'sms' ? 'SMS' : 'E-mail'} to ${escapeHtml(to)}</strong><span>${escapeHtml(kind)}</span><span>user ${userId}</span><time datetime="${time}">${time}</time></header>
${subject === null ? '' : `<h2>${escapeHtml(subject)}</h2>\n`}<pre>${withLinks(body)}</pre>
</article>`;
}

/** The text with its addresses to click on. */
function withLinks(text: string): string {
  return text
    .split(/(https?:\/\/\S+)/)
    .map((part, index) => {
      const escaped = escapeHtml(part);
      return index % 2 === 1 ? `<a href="${escaped}">${escaped}</a>` : escaped;
    })
    .join('');
}
