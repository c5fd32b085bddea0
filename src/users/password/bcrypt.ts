import bcryptjs from 'bcryptjs';

/** The two functions that we need of bcrypt, blocking, for a worker thread. */
export interface Bcrypt {
  hashSync(password: string, cost: number): string;
  compareSync(password: string, digest: string): boolean;
}

/** The implementation that works everywhere. */
export const portableBcrypt: Bcrypt = {
  hashSync: (password, cost) => bcryptjs.hashSync(password, cost),
  compareSync: (password, digest) => bcryptjs.compareSync(password, digest),
};

/** The native one, several times faster, where this platform has it. Both write and read the same `$2b$` digests. */
export async function nativeBcrypt(): Promise<Bcrypt | null> {
  try {
    const { hashSync, compareSync } = await import('@node-rs/bcrypt');
    return { hashSync: (password, cost) => hashSync(password, cost), compareSync };
  } catch {
    return null;
  }
}

/** The cost of a digest, log2 of its rounds: `$2b$12$...` has 12. */
export function costOf(digest: string): number {
  return Number(digest.slice(4, 6));
}
