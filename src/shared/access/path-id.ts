import { NotFound } from '../errors/index.js';
import { MAX_ID } from '../lib/ids.js';

/**
 * Reads an id of a path: a positive integer in plain digits that the column can hold.
 *
 * @param what it is the id of, for the error: `User`, `Session`
 * @throws NotFound, because nothing has any other
 */
export function parsePathId(text: string, what: string): number {
  const id = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(id <= MAX_ID)) throw new NotFound(what);
  return id;
}
