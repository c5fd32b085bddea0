// Where the sources declare what: by name, so that a file can move without a change here.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../lib/prepare.mjs';

const DECLARATION =
  /^(export )?(abstract )?(class|const|function|async function) (\w+)(?:[^{\n]*? extends (\w+))?/gm;

/** name -> { file, parent, whether objects of it can be made elsewhere } */
const declarations = new Map();
/** The names of classes that are published as they are made: `publish(new UserCreated(...))`. */
const published = new Set();

for (const entry of readdirSync(join(root, 'src'), { recursive: true })) {
  if (!entry.endsWith('.ts')) continue;
  const file = `src/${entry.replaceAll('\\', '/')}`;
  const text = readFileSync(join(root, file), 'utf8');
  for (const [, exported, abstract, kind, name, parent] of text.matchAll(DECLARATION)) {
    const canBeMade = kind === 'class' && exported !== undefined && abstract === undefined;
    declarations.set(name, { file, canBeMade, parent });
  }
  for (const [, name] of text.matchAll(/\bpublish\(\s*new (\w+)/g)) published.add(name);
}

/** The compiled declaration of that name. */
export async function load(name) {
  const { file } = declarations.get(name) ?? {};
  if (file === undefined) throw new Error(`No source file exports ${name}`);
  const module = await import(pathToFileURL(join(root, 'dist', file.replace(/\.ts$/, '.js'))));
  return module[name];
}

/** A link to the file that declares the class, from docs/. */
export function linkTo(className, text = `\`${className}\``) {
  const { file } = declarations.get(className) ?? {};
  return file === undefined ? text : `[${text}](../${file})`;
}

/** The names of all events, file by file: what extends AuditableEvent, what is published, and what is subscribed to. */
export function eventNames(subscribed) {
  return [...declarations]
    .filter(([, { canBeMade }]) => canBeMade)
    .filter(([name]) => extendsAuditableEvent(name) || published.has(name) || subscribed.includes(name))
    .toSorted(([, a], [, b]) => (a.file < b.file ? -1 : Number(a.file > b.file)))
    .map(([name]) => name);
}

function extendsAuditableEvent(name) {
  const parent = declarations.get(name)?.parent;
  return parent === 'AuditableEvent' || (parent !== undefined && extendsAuditableEvent(parent));
}
