import { IsLookupEmail, IsRawText } from '../shared/validation/index.js';

export class SignInDto {
  /** @example "john.doe@example.com" */
  @IsLookupEmail()
  email: string;

  /** @example "securepassword123" */
  @IsRawText()
  password: string;
}
