import { IsInteger, IsCode } from '../shared/validation/index.js';

export class ConfirmationDto {
  /** @example 123 */
  @IsInteger()
  userId: number;

  /**
   * The six digits that were sent.
   * @example "123456"
   */
  @IsCode()
  confirmationCode: string;
}
