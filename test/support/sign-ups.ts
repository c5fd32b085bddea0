import type { Answer, Client, RequestOptions } from './client.js';

let accounts = 0;

/** An address that no other test uses. */
export function newAddress(): string {
  accounts += 1;
  return `person-${process.pid}-${accounts}@example.com`;
}

export const PASSWORD = 'correct horse battery';

export interface Account {
  id: number;
  email: string;
  token: string;
}

/** Signs somebody up. */
export async function signUp(
  client: Client,
  attributes: Record<string, unknown> = {},
  options: RequestOptions = {},
): Promise<Account> {
  const user = {
    email: newAddress(),
    password: PASSWORD,
    first_name: 'Ada',
    last_name: 'Byron',
    ...attributes,
  };
  const answer = await client.post<{ id: number }>('/v1/users', { ...options, body: { user } });
  if (answer.status !== 201) throw new Error(`The sign-up was answered ${answer.status}: ${answer.text}`);
  return { id: answer.body.id, email: user.email, token: answer.headers.get('x-user-token') ?? '' };
}

export function signIn(
  client: Client,
  email: string,
  password = PASSWORD,
  options: RequestOptions = {},
): Promise<Answer> {
  return client.post('/v1/sessions', { ...options, body: { email, password } });
}
