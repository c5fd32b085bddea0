import { MAX_ID } from '../shared/database/columns.js';
import { NotFound } from '../shared/errors/index.js';

/** @throws NotFound for what can't be the id of a session */
export function parseSessionId(text: string): number {
  const id = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(id <= MAX_ID)) throw new NotFound('Session');
  return id;
}
