import { IsInteger, IsRawText } from '../shared/validation/index.js';

export class ConfirmationDto {
  /** @example 123 */
  @IsInteger()
  userId: number;

  /**
   * The six digits that were sent.
   * @example "123456"
   */
  @IsRawText()
  confirmationCode: string;
}
