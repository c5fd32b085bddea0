import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SettingsError } from './settings-error.js';

/**
 * The variables of one `.env` file. No file is no variables; one that can't be read, or that means something else than
 * its author thinks, stops the start. Error lines name file and line but repeat nothing of it: it may hold secrets.
 *
 * The platform's `parseEnv` is not used: it skips what it can't read, takes a byte order mark for a part of the first
 * name, and cuts an unquoted password at its first `#`.
 *
 * @throws SettingsError
 */
export function readEnvFile(directory: string, name: string): Record<string, string> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(directory, name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new SettingsError(`${name} can't be read (${code})`);
  }
  return parse(decode(bytes, name), name);
}

/** UTF-8, with or without the byte order mark that editors on Windows write. */
function decode(bytes: Buffer, name: string): string {
  // UTF-16 begins with FF FE or FE FF, or shows by the zero bytes of its ASCII characters.
  if (/^(\xff\xfe|\xfe\xff)/.test(bytes.toString('latin1', 0, 2)) || bytes.includes(0)) {
    throw new SettingsError(`${name} is UTF-16 text: save it as UTF-8`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SettingsError(`${name} is no UTF-8 text: save it as UTF-8`);
  }
}

/** `NAME=value` or `export NAME=value`. */
const ASSIGNMENT = /^(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/;
/** A value in quotes, alone on its line but for a comment; within double quotes a backslash may protect one. */
const QUOTED = /^(?:'([^']*)'|"((?:[^"\\]|\\.)*)"|`([^`]*)`)\s*(?:#.*)?$/;
/** As in a shell: only after a blank does # begin a comment. */
const COMMENT = /\s+#.*$/;

function parse(text: string, name: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [index, whole] of text.split(/\r\n|\n|\r/).entries()) {
    const line = whole.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, variable, assigned] = ASSIGNMENT.exec(line) ?? [];
    const value = assigned === undefined ? null : parseValue(assigned);
    if (variable === undefined || value === null) {
      throw new SettingsError(
        `${name} must have lines of the form NAME=value, and line ${index + 1} is none`,
      );
    }
    values[variable] = value;
  }
  return values;
}

/** @returns null for quotes that are not closed, or closed too early */
function parseValue(assigned: string): string | null {
  const value = assigned.trim();
  if (!/^["'`]/.test(value)) return assigned.replace(COMMENT, '').trim();
  const found = QUOTED.exec(value);
  if (!found) return null;
  const [, single, double, backticked] = found;
  return single ?? backticked ?? unescape(double ?? '');
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (escape, character: string) =>
    character === 'n' ? '\n' : '"\\$'.includes(character) ? character : escape,
  );
}
