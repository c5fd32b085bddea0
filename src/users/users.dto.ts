import { PartialType } from '@nestjs/swagger';
import { ROLES, type Role } from '../shared/access/index.js';
import { PageQuery } from '../shared/http/paging.dto.js';
import {
  IsFlag,
  IsOneOf,
  IsEmailAddress,
  Rule,
  IsLanguageTag,
  messages,
  IsNested,
  IsPhoneNumber,
  IsPlainDate,
  IsQueryFlag,
  readInteger,
  IsText,
  IsRawText,
} from '../shared/validation/index.js';
import { IsNewPassword } from './password/password.rule.js';
import { IsSearch } from './search/search.rule.js';
import { DEFAULT_LANGUAGE } from './user.entity.js';
import { SORT_COLUMNS } from './user-list.repository.js';

const MAX_NAME_LENGTH = 100;

/** The profile and password of a sign-up. */
export class UserAttributesDto {
  /**
   * Trimmed and kept in lower case. ASCII only: an internationalised domain in its `xn--` form.
   * @example "john.doe@example.com"
   */
  @IsEmailAddress()
  email: string;

  /**
   * At least 8 characters and at most 72 bytes in UTF-8; not one of the common ones, not one's own name or address.
   * @example "securepassword123"
   */
  @IsNewPassword()
  password: string;

  /** @example "John" */
  @IsText({ max: MAX_NAME_LENGTH })
  firstName: string;

  /** @example "Doe" */
  @IsText({ max: MAX_NAME_LENGTH })
  lastName: string;

  /**
   * An international number with `+`. Confirmation codes go there; without one, to the e-mail address.
   * @example "+1-555-123-4567"
   */
  @IsPhoneNumber()
  phone?: string | null;

  /**
   * YYYY-MM-DD, from 1900-01-01 to today.
   * @example "1990-05-15"
   */
  @IsPlainDate()
  dateOfBirth?: string | null;

  /**
   * A BCP 47 tag; `en` unless sent.
   * @example "en"
   */
  @IsLanguageTag({ default: DEFAULT_LANGUAGE })
  language?: string;
}

/** A new account. */
export class CreateUserDto {
  @IsNested(() => UserAttributesDto)
  user: UserAttributesDto = new UserAttributesDto();

  /**
   * A template user, for tests and development: nothing is ever sent to it.
   * @example false
   */
  @IsFlag({ optional: true })
  template?: boolean;

  /**
   * Declares a clinical user. Grants nothing until an administrator has approved it.
   * @example true
   */
  @IsFlag({ optional: true })
  clinical?: boolean;

  /**
   * Whether the account is made in a phone app.
   * @example false
   */
  @IsFlag({ optional: true })
  nativeSignup?: boolean;
}

/** The profile fields and credentials to change. */
export class UpdateUserAttributesDto extends PartialType(UserAttributesDto, { skipNullProperties: false }) {
  /**
   * One's password, needed to change one's own password or e-mail address more than 15 minutes after signing in.
   * @example "securepassword123"
   */
  @IsRawText({ optional: true })
  currentPassword?: string | null;
}

/** Changes to an account. Only what is sent changes; `null` clears what is optional. */
export class UpdateUserDto {
  @IsNested(() => UpdateUserAttributesDto)
  user?: UpdateUserAttributesDto;

  /**
   * Only an administrator may change it.
   * @example false
   */
  @IsFlag({ optional: true })
  template?: boolean;

  /**
   * Setting it to false withdraws an approval.
   * @example true
   */
  @IsFlag({ optional: true })
  clinical?: boolean;
}

export class ChangeRoleDto {
  /** @example "admin" */
  @IsOneOf(ROLES)
  role: Role;
}

export class ApproveClinicalDto {
  /**
   * False withdraws the approval.
   * @example true
   */
  @IsFlag()
  approved: boolean;
}

export class EmailHasAccountDto {
  /** @example "john.doe@example.com" */
  @IsEmailAddress()
  email: string;
}

/** The key of keyset pagination, which excludes `page` and `sort_by`. */
function IsAfterId(): PropertyDecorator {
  return Rule({
    name: 'afterId',
    read: readInteger,
    check: (value, { page, sortBy }) => {
      if (value === undefined) return undefined;
      if (page !== undefined || sortBy !== undefined) return messages.NOT_ALLOWED;
      if (Array.isArray(value)) return messages.INVALID;
      if (!Number.isInteger(value)) return messages.NOT_AN_INTEGER;
      return (value as number) < 0 ? messages.INVALID : undefined;
    },
    schema: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  });
}

export class ListUsersQuery extends PageQuery {
  /**
   * In place of `page` and `sort_by`: the next users after this id, in id order, at the same cost wherever it starts.
   * @example 0
   */
  @IsAfterId()
  afterId?: number;

  /** @example "last_name" */
  @IsOneOf(Object.keys(SORT_COLUMNS), { optional: true })
  sortBy?: keyof typeof SORT_COLUMNS;

  /** @example "ASC" */
  @IsOneOf(['ASC', 'DESC'], { optional: true, read: (value) => value.toUpperCase() })
  sortDir?: 'ASC' | 'DESC';

  /**
   * Words in any order. Each begins a word of the first name, the last name or the e-mail address (whole, or its part
   * before or after the `@`), whatever the case and the accents; digits begin the phone number, international or
   * national, or, six or more, end it.
   * @example "doe"
   */
  @IsSearch()
  search?: string;

  /** @example "parent" */
  @IsOneOf(ROLES, { optional: true })
  role?: Role;

  /** @example true */
  @IsQueryFlag()
  active?: boolean;

  /** @example true */
  @IsQueryFlag()
  confirmed?: boolean;

  /** @example false */
  @IsQueryFlag()
  clinical?: boolean;

  /** @example false */
  @IsQueryFlag()
  template?: boolean;
}
