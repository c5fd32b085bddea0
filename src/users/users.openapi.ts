import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiParam, ApiResponse } from '@nestjs/swagger';
import { MAX_ID } from '../shared/lib/ids.js';
import { AdminUserResource, ANY_USER, UserListResource, UserResource } from './user.resource.js';

/** The `{id}` of a user. */
export const ApiUserId = (): MethodDecorator =>
  ApiParam({
    name: 'id',
    description: 'The id of the user',
    example: 123,
    schema: { type: 'integer', minimum: 1, maximum: MAX_ID },
  });

/** A user; administrators see more of it. */
export const ApiUserResponse = (): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(UserResource, AdminUserResource),
    ApiOkResponse({
      description: 'The user. Administrators get the additional fields of `AdminUser`.',
      schema: ANY_USER,
    }),
  );

/** What would leave nobody to administer, or is not for this account. */
export const ApiNotAllowed = (): MethodDecorator =>
  ApiResponse({
    status: 422,
    description:
      'Not allowed for this account: it is the last active administrator, or does not meet the conditions.',
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/ValidationErrors' },
        example: { errors: { base: ['is not allowed'] } },
      },
    },
  });

export const ApiUserList = (): MethodDecorator =>
  ApiOkResponse({
    type: UserListResource,
    headers: {
      Link: {
        description: 'RFC 8288: `first`, `prev`, `next` and `last`; `next` alone for a walk by `after_id`',
        schema: { type: 'string' },
        example: '</v1/users?page=2&page_size=25>; rel="next"',
      },
    },
  });
