import { costOf, nativeBcrypt, portableBcrypt } from './bcrypt.js';

const bcrypt = (await nativeBcrypt()) ?? portableBcrypt;

export interface HashTask {
  readonly password: string;
  readonly cost: number;
}

export interface CompareTask {
  readonly password: string;
  readonly digest: string;
  /** What the comparison is to cost in any case, as log2 of the rounds. */
  readonly cost: number;
}

export function hash({ password, cost }: HashTask): string {
  return bcrypt.hashSync(password, cost);
}

/**
 * Compares at the given cost, whatever the digest's: one of cost 8 takes 2^8 rounds, and to those of cost 10 there are
 * 2^8 + 2^9 missing. Time must not tell which digest was there.
 */
export function compare({ password, digest, cost }: CompareTask): boolean {
  const same = bcrypt.compareSync(password, digest);
  for (let missing = costOf(digest); missing < cost; missing++) bcrypt.hashSync(password, missing);
  return same;
}
