import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiResponse } from '@nestjs/swagger';
import { apiError } from '../shared/openapi/api-error.js';
import { PasswordResetResource, ResetRequestedResource } from './passwords.resource.js';

export const ApiResetRequested = (): MethodDecorator =>
  ApiAcceptedResponse({
    type: ResetRequestedResource,
    description: 'The same whether or not the address has an account.',
  });

export const ApiPasswordReset = (): MethodDecorator =>
  applyDecorators(
    ApiOkResponse({ type: PasswordResetResource }),
    ApiResponse(
      apiError(401, 'Invalid Token', 'The token is wrong, used, replaced by a newer one or expired.'),
    ),
  );
