import { applyDecorators } from '@nestjs/common';
import { ApiCreatedResponse, ApiParam, ApiResponse } from '@nestjs/swagger';
import { MAX_ID } from '../shared/lib/ids.js';
import { apiError } from '../shared/openapi/api-error.js';
import { ANY_USER } from '../users/index.js';
import { SignedInResource } from './session.resource.js';

const TOKEN_HEADER = {
  'X-User-Token': {
    description: 'The token of the new session',
    schema: { type: 'string' as const },
    example: 'gu_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  },
};

export const ApiCreatedUser = (): MethodDecorator =>
  ApiCreatedResponse({
    description: 'The new user. The token comes back only to whoever made the account for themselves.',
    schema: ANY_USER,
    headers: TOKEN_HEADER,
  });

export const ApiSignedIn = (): MethodDecorator =>
  applyDecorators(
    ApiCreatedResponse({ type: SignedInResource, headers: TOKEN_HEADER }),
    ApiResponse(apiError(401, 'Invalid email or password', 'The address is unknown or the password wrong.')),
    ApiResponse(apiError(403, 'Account is not active', 'The password is right, the account was cancelled.')),
  );

export const ApiSessionId = (): MethodDecorator =>
  applyDecorators(
    ApiParam({
      name: 'id',
      description: 'The id of the session',
      example: 42,
      schema: { type: 'integer', minimum: 1, maximum: MAX_ID },
    }),
    ApiResponse(apiError(404, 'Session not found', 'It is not one of your live sessions.')),
  );
