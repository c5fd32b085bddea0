// docs/settings.md from the comments of .env, whose head says how it is written.
import { read, table } from './markdown.mjs';

const NOTICE = `<!-- Made of .env by \`npm run docs\`. Change that file instead. -->`;

export function settingsPage() {
  const [, ...sections] = read('.env').split(/^# --- (.+?) -+$/m);
  const pages = [];
  for (let index = 0; index < sections.length; index += 2) {
    pages.push(`## ${sections[index]}`, ...section(sections[index + 1]));
  }
  return [NOTICE, '# Settings', INTRODUCTION, ...pages, ''].join('\n\n');
}

const INTRODUCTION = `Environment variables, read and checked once at start: a wrong one stops the start with one line that
names it. Each has a default that works on a laptop, in [\`.env\`](../.env). Put your own values, and secrets above all,
into \`.env.local\`, which git ignores: it overrides \`.env\`, and the environment overrides both. An empty value counts as
not set. With \`NODE_ENV=production\` in the environment neither file is read.

In both files a line is \`NAME=value\`, with or without \`export\` before it, in UTF-8. A value with blanks at its ends or
with a \`#\` after a blank stands in quotes.`;

/** Paragraphs, and one table of the settings. */
function section(text) {
  const paragraphs = [];
  const rows = [];
  for (const block of text.split(/\n{2,}/)) {
    let comment = [];
    let row = null;
    for (const line of block.split('\n').filter(Boolean)) {
      const [, name, value] = /^#?([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
      if (name === undefined) {
        if (row) comment = [];
        row = null;
        comment.push(line.replace(/^# ?/, ''));
        continue;
      }
      if (!row) rows.push((row = { names: [], values: [], meaning: comment.join(' ') }));
      row.names.push(`\`${name}\``);
      row.values.push(value === '' ? '–' : `\`${value}\``);
    }
    if (!row && comment.length > 0) paragraphs.push(escape(comment.join(' ')));
  }
  const cells = rows.map(({ names, values, meaning }) => [
    names.join('<br>'),
    values.join('<br>'),
    escape(meaning),
  ]);
  return [...paragraphs, table(['setting', 'default', 'meaning'], cells)];
}

/** What a comment says, with names of settings as code and nothing in it that Markdown would take for its own. */
function escape(text) {
  return text
    .split(/(`[^`]*`|\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?:=\w+)?)/)
    .map((part, index) => {
      if (index % 2 === 0) return part.replace(/[<>*_[\]\\]/g, '\\$&');
      return part.startsWith('`') ? part : `\`${part}\``;
    })
    .join('');
}
