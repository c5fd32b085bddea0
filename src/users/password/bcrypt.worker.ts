import { nativeBcrypt, portableBcrypt } from './bcrypt.js';

const bcrypt = (await nativeBcrypt()) ?? portableBcrypt;

export interface HashTask {
  readonly password: string;
  readonly cost: number;
}

export interface CompareTask {
  readonly password: string;
  readonly digest: string;
}

export function hash({ password, cost }: HashTask): string {
  return bcrypt.hashSync(password, cost);
}

export function compare({ password, digest }: CompareTask): boolean {
  return bcrypt.compareSync(password, digest);
}
