import { randomBytes } from 'node:crypto';

/** The account of ADMIN_EMAIL, which is there from the start. */
export const FIRST_ADMIN = { email: 'first.admin@example.com', password: 'administrators keep secrets' };

export interface Person {
  readonly id: number;
  readonly email: string;
  readonly password: string;
  readonly token: string;
}

type Fields = Record<string, unknown>;

/** A sign-up: `user` is completed, what else is given stands beside it. */
export interface SignUp extends Fields {
  user?: Fields;
}

/** An address and a name that nobody else has. */
export function someone(): { email: string; password: string; first_name: string; last_name: string } {
  const name = randomBytes(5).toString('hex');
  return {
    email: `p${name}@example.com`,
    password: `nobody guesses ${name}`,
    first_name: `First${name}`,
    last_name: `Last${name}`,
  };
}
