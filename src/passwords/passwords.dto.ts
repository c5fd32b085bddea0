import { IsEmailAddress, IsRawText } from '../shared/validation/index.js';
import { IsNewPassword } from '../users/index.js';

export class RequestPasswordResetDto {
  /** @example "john.doe@example.com" */
  @IsEmailAddress()
  email: string;
}

export class ResetTokenDto {
  /**
   * The token of the link.
   * @example "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
   */
  @IsRawText()
  token: string;
}

export class ResetPasswordDto {
  /**
   * The token of the link.
   * @example "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
   */
  @IsRawText()
  token: string;

  /**
   * At least 8 characters and at most 72 bytes in UTF-8; not one of the common ones, not one's own name or address.
   * @example "anothersecurepassword456"
   */
  @IsNewPassword()
  password: string;

  /**
   * The same once more, where a person has typed it twice.
   * @example "anothersecurepassword456"
   */
  @IsRawText({ optional: true })
  passwordConfirmation?: string | null;
}
