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
    // Many files may have a constant of that name for themselves.
    if (exported === undefined && declarations.has(name)) continue;
    declarations.set(name, { file, canBeMade, parent });
  }
  for (const [, name] of text.matchAll(/\bpublish\(\s*new (\w+)/g)) published.add(name);
}

/** The compiled declaration of that name. */
export async function load(name) {
  const compiled = join(root, 'dist', fileOf(name).replace(/\.ts$/, '.js'));
  return (await import(pathToFileURL(compiled)))[name];
}

/** The file that declares it. */
export function fileOf(name) {
  const { file } = declarations.get(name) ?? {};
  if (file === undefined) throw new Error(`No source file declares ${name}, which scripts/docs/ asks for`);
  return file;
}

/** A link from docs/ to the file that declares the class. */
export function linkTo(className, text = `\`${className}\``) {
  return `[${text}](../${fileOf(className)})`;
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
