import { ApiProperty, getSchemaPath } from '@nestjs/swagger';
import type { Actor, Role } from '../shared/access/index.js';
import { PageMeta } from '../shared/http/paging.dto.js';
import type { User } from './user.entity.js';

/** The public fields of an account, in the order of the answer. */
export class UserResource {
  /** @example 123 */
  id: number;
  /** @example "john.doe@example.com" */
  email: string;
  /** @example "John" */
  firstName: string;
  /** @example "Doe" */
  lastName: string;
  /** @example "+1-555-123-4567" */
  phone: string | null;
  /**
   * YYYY-MM-DD
   * @example "1990-05-15"
   */
  dateOfBirth: string | null;
  /** @example "en" */
  language: string;
  /** @example "parent" */
  role: Role;
  /** @example true */
  active: boolean;
  /** @example true */
  clinical: boolean;
  /** @example true */
  confirmed: boolean;
  /** @example "2023-10-20T10:00:00.000Z" */
  createdAt: Date;
  /** @example "2023-10-20T15:30:00.000Z" */
  updatedAt: Date;

  /** The account as this actor may see it: administrators get additional fields. */
  static of(user: User, actor: Pick<Actor, 'isAdmin'> | null): UserResource {
    return actor?.isAdmin ? AdminUserResource.ofAll(user) : UserResource.ofPublic(user);
  }

  protected static ofPublic(user: User): UserResource {
    return {
      id: user.id,
      email: user.email,
      firstName: user.firstName,
      lastName: user.lastName,
      phone: user.phone,
      dateOfBirth: user.dateOfBirth,
      language: user.language,
      role: user.role,
      active: user.active,
      clinical: user.clinical,
      confirmed: user.confirmed,
      createdAt: user.createdAt,
      updatedAt: user.updatedAt,
    };
  }
}

/** The identity of an account, for a caller who has presented a code or token that was sent to it. */
export class UserIdentityResource {
  /** @example 123 */
  id: number;
  /** @example "john.doe@example.com" */
  email: string;
  /** @example true */
  confirmed: boolean;

  static of({ id, email, confirmed }: User): UserIdentityResource {
    return { id, email, confirmed };
  }
}

/** All fields of an account, for administrators. */
export class AdminUserResource extends UserResource {
  /** @example false */
  template: boolean;
  /** @example false */
  nativeSignup: boolean;
  /** @example false */
  clinicalApproved: boolean;
  /** @example "2023-10-20T10:05:00.000Z" */
  confirmedAt: Date | null;
  /** @example "2024-01-31T09:00:00.000Z" */
  cancelledAt: Date | null;
  /** @example "2023-10-20T15:30:00.000Z" */
  lastSignInAt: Date | null;

  static ofAll(user: User): AdminUserResource {
    return {
      ...UserResource.ofPublic(user),
      template: user.template,
      nativeSignup: user.nativeSignup,
      clinicalApproved: user.clinicalApproved,
      confirmedAt: user.confirmedAt,
      cancelledAt: user.cancelledAt,
      lastSignInAt: user.lastSignInAt,
    };
  }
}

/** The OpenAPI schema of a user: administrators get additional fields. */
export const ANY_USER = {
  anyOf: [{ $ref: getSchemaPath(UserResource) }, { $ref: getSchemaPath(AdminUserResource) }],
};

/** The page number is missing in keyset pagination. */
export class UserListMeta implements Partial<PageMeta> {
  /**
   * Missing in keyset pagination (`after_id`).
   * @example 1
   */
  page?: number;
  /** @example 50 */
  pageSize: number;
  /**
   * The number of users that match the filters and that the caller may see.
   * @example 1
   */
  totalCount: number;
  /** @example 1 */
  totalPages: number;
}

export class UserListResource {
  @ApiProperty({ type: 'array', items: ANY_USER })
  users: UserResource[];
  meta: UserListMeta;
}

export class HasAccountResource {
  /** @example true */
  hasAccount: boolean;
}
