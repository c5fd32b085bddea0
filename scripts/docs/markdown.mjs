// Text that this repository holds and a script makes.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from '../lib/prepare.mjs';

export function table(head, rows) {
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function line(cells) {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
export function between(text, name, content) {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`${open} and ${close} are missing`);
  return `${text.slice(0, start + open.length)}\n\n${content}\n\n${text.slice(end)}`;
}

/** Writes the file as Prettier has it; with `check` only returns whether that is what it is already. */
export async function save(name, content, { check }) {
  const path = join(root, name);
  const text = await format(content, { ...(await resolveConfig(path)), filepath: path });
  if (!check) writeFileSync(path, text);
  return !check || read(name) === text;
}

export function read(name) {
  try {
    return readFileSync(join(root, name), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}
