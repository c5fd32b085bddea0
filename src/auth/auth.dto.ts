import { LookupAddress, Verbatim } from '../shared/validation/index.js';

export class SignInDto {
  /** @example "john.doe@example.com" */
  @LookupAddress()
  email: string;

  /** @example "securepassword123" */
  @Verbatim()
  password: string;
}
