import bcryptjs from 'bcryptjs';

/** The functions of bcrypt that a worker thread needs; both block. */
export interface Bcrypt {
  hashSync(password: string, cost: number): string;
  compareSync(password: string, digest: string): boolean;
}

/** The JavaScript implementation, which works on every platform. */
export const portableBcrypt: Bcrypt = {
  hashSync: (password, cost) => bcryptjs.hashSync(password, cost),
  compareSync: (password, digest) => bcryptjs.compareSync(password, digest),
};

/** The native implementation, several times faster, or null if this platform has none. Both use `$2b$` digests. */
export async function nativeBcrypt(): Promise<Bcrypt | null> {
  try {
    const { hashSync, compareSync } = await import('@node-rs/bcrypt');
    return { hashSync: (password, cost) => hashSync(password, cost), compareSync };
  } catch {
    return null;
  }
}
