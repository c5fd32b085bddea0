import { EmailAddress, RecordDraft, Verbatim } from '../shared/validation/index.js';
import { NewPassword } from '../users/index.js';

export class RequestPasswordResetDto {
  /** @example "john.doe@example.com" */
  @EmailAddress()
  email: string;
}

export class ResetTokenDto {
  /**
   * The token of the link.
   * @example "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
   */
  @Verbatim()
  token: string;
}

export class ResetPasswordDto extends RecordDraft {
  /**
   * The token of the link.
   * @example "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
   */
  @Verbatim()
  token: string;

  /**
   * At least 8 characters and at most 72 bytes in UTF-8; not one of the common ones, not one's own name or address.
   * @example "anothersecurepassword456"
   */
  @NewPassword()
  password: string;

  /**
   * The same once more, where a person has typed it twice.
   * @example "anothersecurepassword456"
   */
  @Verbatim({ optional: true })
  passwordConfirmation?: string | null;
}
