import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiResponse } from '@nestjs/swagger';
import { apiError, apiInvalid } from '../shared/openapi/api-error.js';
import { messages } from '../shared/validation/index.js';
import { PasswordResetResource, ResetRequestedResource } from './passwords.resource.js';

export const ApiResetRequested = (): MethodDecorator =>
  ApiAcceptedResponse({
    type: ResetRequestedResource,
    description: 'The same whether or not the address has an account.',
  });

export const ApiResetSent = (): MethodDecorator =>
  applyDecorators(
    ApiResetRequested(),
    ApiResponse(apiInvalid('base', messages.NOT_ALLOWED, 'The account was cancelled.')),
  );

export const ApiPasswordReset = (): MethodDecorator =>
  applyDecorators(
    ApiOkResponse({ type: PasswordResetResource }),
    ApiResponse(
      apiError(401, 'Invalid Token', 'The token is wrong, used, replaced by a newer one or expired.'),
    ),
  );
