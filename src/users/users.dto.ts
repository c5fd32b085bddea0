import { PartialType } from '@nestjs/swagger';
import { ROLES, type Role } from '../shared/access/index.js';
import { PageQuery } from '../shared/http/paging.dto.js';
import {
  BooleanFlag,
  Choice,
  EmailAddress,
  Follows,
  LanguageTag,
  messages,
  Nested,
  Phone,
  PlainDate,
  QueryBoolean,
  readInteger,
  RecordDraft,
  RequiredFlag,
  Text,
  Verbatim,
} from '../shared/validation/index.js';
import { NewPassword } from './password/password.rule.js';
import { SORT_COLUMNS } from './users.repository.js';

const MAX_NAME_LENGTH = 100;

/** The person, as a sign-up describes it. */
export class UserAttributesDto {
  /**
   * Trimmed and kept in lower case. ASCII only: an internationalised domain in its `xn--` form.
   * @example "john.doe@example.com"
   */
  @EmailAddress()
  email: string;

  /**
   * At least 8 characters and at most 72 bytes in UTF-8; not one of the common ones, not one's own name or address.
   * @example "securepassword123"
   */
  @NewPassword()
  password: string;

  /** @example "John" */
  @Text({ max: MAX_NAME_LENGTH })
  firstName: string;

  /** @example "Doe" */
  @Text({ max: MAX_NAME_LENGTH })
  lastName: string;

  /**
   * An international number with `+`. Confirmation codes go there; without one, to the e-mail address.
   * @example "+1-555-123-4567"
   */
  @Phone()
  phone?: string | null;

  /**
   * YYYY-MM-DD, from 1900-01-01 to today.
   * @example "1990-05-15"
   */
  @PlainDate()
  dateOfBirth?: string | null;

  /**
   * A BCP 47 tag; `en` unless sent.
   * @example "en"
   */
  @LanguageTag()
  language?: string | null;
}

/** A new account. */
export class CreateUserDto extends RecordDraft {
  @Nested(() => UserAttributesDto)
  user: UserAttributesDto = new UserAttributesDto();

  /**
   * A template user, for tests and development: nothing is ever sent to it.
   * @example false
   */
  @BooleanFlag()
  template?: boolean;

  /**
   * Declares a clinical user. Grants nothing until an administrator has approved it.
   * @example true
   */
  @BooleanFlag()
  clinical?: boolean;

  /**
   * Whether the account is made in a phone app.
   * @example false
   */
  @BooleanFlag()
  nativeSignup?: boolean;
}

/** What is to change of the person. */
export class UpdateUserAttributesDto extends PartialType(UserAttributesDto, { skipNullProperties: false }) {
  /**
   * One's password, needed to change one's own password or e-mail address more than 15 minutes after signing in.
   * @example "securepassword123"
   */
  @Verbatim({ optional: true })
  currentPassword?: string | null;
}

/** Changes to an account. Only what is sent changes; `null` clears what is optional. */
export class UpdateUserDto extends RecordDraft {
  @Nested(() => UpdateUserAttributesDto)
  user?: UpdateUserAttributesDto;

  /**
   * Only an administrator may change it.
   * @example false
   */
  @BooleanFlag()
  template?: boolean;

  /**
   * Setting it to false withdraws an approval.
   * @example true
   */
  @BooleanFlag()
  clinical?: boolean;
}

export class ChangeRoleDto {
  /** @example "admin" */
  @Choice(ROLES)
  role: Role;
}

export class ApproveClinicalDto {
  /**
   * False withdraws the approval.
   * @example true
   */
  @RequiredFlag()
  approved: boolean;
}

export class EmailHasAccountDto {
  /** @example "john.doe@example.com" */
  @EmailAddress()
  email: string;
}

/** A walk has its own order and no pages. */
function AfterId(): PropertyDecorator {
  return Follows({
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
  @AfterId()
  afterId?: number;

  /** @example "last_name" */
  @Choice(Object.keys(SORT_COLUMNS), { optional: true })
  sortBy?: keyof typeof SORT_COLUMNS;

  /** @example "ASC" */
  @Choice(['ASC', 'DESC'], { optional: true, read: (value) => value.toUpperCase() })
  sortDir?: 'ASC' | 'DESC';

  /**
   * The beginning of the e-mail address, the first or last name, or the digits of the phone number, whatever the case.
   * @example "doe"
   */
  @Text({ max: 254, optional: true })
  search?: string;

  /** @example "parent" */
  @Choice(ROLES, { optional: true })
  role?: Role;

  /** @example true */
  @QueryBoolean()
  active?: boolean;

  /** @example true */
  @QueryBoolean()
  confirmed?: boolean;

  /** @example false */
  @QueryBoolean()
  clinical?: boolean;

  /** @example false */
  @QueryBoolean()
  template?: boolean;
}
