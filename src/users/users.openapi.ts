import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiHeader } from '@nestjs/swagger';
import { ApiInvalid, ApiJsonResponse, ApiPageResponse } from '../shared/openapi/api-responses.js';
import { ACCESS_REASON_PARAMETER } from '../shared/openapi/parameters.js';
import { messages } from '../shared/validation/index.js';
import { AdminUserResource, ANY_USER, UserListResource, UserResource } from './user.resource.js';

/** A user; administrators see more of it. */
export const ApiUserResponse = (): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(UserResource, AdminUserResource),
    ApiJsonResponse(
      200,
      { schema: ANY_USER },
      { description: 'The user. Administrators get the additional fields of `AdminUser`.' },
    ),
  );

/** The only list that shows other persons' records, and so takes the header X-Access-Reason. */
export const ApiUserListResponse = (): MethodDecorator =>
  applyDecorators(
    ApiHeader(ACCESS_REASON_PARAMETER),
    ApiPageResponse(
      UserListResource,
      '/v1/users?page=2&page_size=25',
      'RFC 8288: `first`, `prev`, `next` and `last`; with `after_id` only `next`',
    ),
  );

/** What would leave no administrator, or does not suit this account. */
export const ApiNotAllowed = (): MethodDecorator =>
  ApiInvalid(
    'base',
    messages.NOT_ALLOWED,
    'Not allowed for this account: it is the last active administrator, or does not meet the conditions.',
  );
