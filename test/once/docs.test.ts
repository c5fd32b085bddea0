import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const documents = [
  ...readdirSync(root),
  ...['docs', '.github'].flatMap((folder) =>
    (readdirSync(join(root, folder), { recursive: true }) as string[]).map((name) => join(folder, name)),
  ),
]
  .filter((name) => name.endsWith('.md'))
  .toSorted();
const scripts = Object.keys(
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }).scripts,
);

/** Where a path of a document may start: the document's own folder, the root, and what is obvious there. */
const BASES = ['', 'src', 'test', 'src/shared'];
/** What is made at run time and therefore in no clone. */
const MADE = /^(data|dist|node_modules)(\/|$)/;
/** `src/users/user.entity.ts`, `users/`, `docker/compose.yaml`: a folder, or a file with an ending. */
const PATH = /^\.?[\w@-][\w.@-]*(\/[\w.@-]+)*(\/|\/[\w.@-]+\.[a-z]+|\.(ts|mjs|cjs|md|json|ya?ml))$/;
/** docs/security.md names tests this way. */
const TEST = /^(api|once|unit|extensions)(\/[\w-]+)+$/;

const fileNames = new Set(
  (readdirSync(join(root, 'src'), { recursive: true }) as string[]).map((path) => basename(path)),
);

interface Document {
  readonly name: string;
  /** Without the fenced blocks. */
  readonly prose: string;
  readonly whole: string;
}

function read(name: string): Document {
  const whole = readFileSync(join(root, name), 'utf8');
  return { name, whole, prose: whole.replace(/^```[^]*?^```$/gm, '') };
}

const links = ({ prose }: Document) => [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
const codes = ({ prose }: Document) => [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!);

/** Headings as GitHub makes anchors of them. */
function anchors(file: string): string[] {
  const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function leadsNowhere(document: Document, target: string): boolean {
  if (/^(https?|mailto):/.test(target)) return false;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? join(root, document.name) : resolve(root, dirname(document.name), path);
  if (!existsSync(file)) return true;
  return anchor !== undefined && !anchors(file).includes(anchor);
}

function isMissing(document: Document, path: string): boolean {
  if (MADE.test(path)) return false;
  // A suffix, such as `.service.ts`, stands for all files that have it.
  if (/^\.[a-z]+\.ts$/.test(path)) return ![...fileNames].some((name) => name.endsWith(path));
  // A name alone, such as `index.ts`, may stand for a file of any folder.
  if (!path.includes('/') && fileNames.has(path)) return false;
  const bases = [...BASES, relative(root, dirname(join(root, document.name)))];
  return !bases.some((base) => existsSync(join(root, base, path)));
}

describe.each(documents)('%s', (name) => {
  const document = read(name);

  it('links only to files and headings that exist', () => {
    expect(links(document).filter((target) => leadsNowhere(document, target))).toEqual([]);
  });

  it('names only paths that exist', () => {
    const paths = codes(document).filter((code) => PATH.test(code));
    expect(paths.filter((path) => isMissing(document, path))).toEqual([]);
  });

  it('names only tests that exist', () => {
    const tests = codes(document).filter((code) => TEST.test(code));
    const isThere = (test: string) =>
      existsSync(join(root, `test/${test}.test.ts`)) || existsSync(join(root, 'test', test));
    expect(tests.filter((test) => !isThere(test))).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const named = [...document.whole.matchAll(/\bnpm (?:run )?(?:--silent )?([a-z:]+)/g)].filter(
      ([command, script]) => command.includes('run') || script === 'start' || script === 'test',
    );
    expect(named.map(([, script]) => script!).filter((script) => !scripts.includes(script))).toEqual([]);
  });
});

it('every document is found from the README', () => {
  const found = new Set(['README.md']);
  for (const name of found) {
    for (const target of links(read(name))) {
      const path = relative(root, resolve(root, dirname(name), target.split('#')[0]!));
      if (documents.includes(path)) found.add(path);
      // A link to a folder leads to what is in it.
      for (const inside of documents.filter((document) => dirname(document) === path)) found.add(inside);
    }
  }
  expect(documents.filter((name) => !found.has(name) && !name.startsWith('.github/'))).toEqual([]);
});
