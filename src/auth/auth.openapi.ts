import { applyDecorators } from '@nestjs/common';
import { ApiError, ApiJsonResponse } from '../shared/openapi/api-responses.js';
import { ANY_USER } from '../users/index.js';
import { SignedInResource } from './session.resource.js';

const TOKEN_HEADER = {
  'X-User-Token': {
    description: 'The token of the new session',
    schema: { type: 'string' as const },
    example: 'gu_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  },
};

export const ApiCreatedUserResponse = (): MethodDecorator =>
  ApiJsonResponse(
    201,
    { schema: ANY_USER },
    {
      description: 'The new user. The token is sent only to those who sign up for themselves.',
      headers: TOKEN_HEADER,
    },
  );

export const ApiSignedInResponse = (): MethodDecorator =>
  applyDecorators(
    ApiJsonResponse(201, SignedInResource, { headers: TOKEN_HEADER }),
    ApiError(401, 'Invalid email or password', 'The address is unknown or the password wrong.'),
    ApiError(403, 'Account is not active', 'The password is right, the account was cancelled.'),
  );
