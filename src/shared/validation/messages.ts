/** All messages of fields, in the wording of the contract. */
export const BLANK = "can't be blank";
export const INVALID = 'is invalid';
export const TAKEN = 'has already been taken';
export const NOT_AN_INTEGER = 'must be an integer';
export const NOT_IN_LIST = 'is not included in the list';
export const CONFIRMATION_DIFFERS = "doesn't match password";
export const TOO_COMMON = 'is too common';
export const NAME_OR_ADDRESS = 'must not be your name or e-mail address';
export const IN_THE_FUTURE = "can't be in the future";
export const NOT_ALLOWED = 'is not allowed';
export const ALREADY_CONFIRMED = 'is already confirmed';

export const tooShort = (minimum: number): string => `is too short (minimum is ${minimum} characters)`;
export const tooLong = (maximum: number): string => `is too long (maximum is ${maximum} characters)`;
export const tooLongInBytes = (maximum: number): string => `is too long (maximum is ${maximum} bytes)`;
export const atLeast = (minimum: number): string => `must be greater than or equal to ${minimum}`;
export const atMost = (maximum: number): string => `must be less than or equal to ${maximum}`;
