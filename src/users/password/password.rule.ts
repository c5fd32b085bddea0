import { Rule, isBlank, messages } from '../../shared/validation/index.js';
import { normalizePassword } from './password-policy.js';

/** A new password. PasswordPolicy checks its strength, and compares it with the name and address of its owner. */
export function IsNewPassword(): PropertyDecorator {
  return Rule({
    name: 'password',
    read: (value) => (typeof value === 'string' ? normalizePassword(value) : value),
    check: (value) => {
      if (isBlank(value)) return messages.BLANK;
      if (typeof value !== 'string' || value.includes('\0') || !value.isWellFormed()) return messages.INVALID;
      return undefined;
    },
    schema: { type: 'string', format: 'password', minLength: 8, maxLength: 72 },
  });
}
