import { Integer, Verbatim } from '../shared/validation/index.js';

export class ConfirmationDto {
  /** @example 123 */
  @Integer()
  userId: number;

  /**
   * The six digits that were sent.
   * @example "123456"
   */
  @Verbatim()
  confirmationCode: string;
}
