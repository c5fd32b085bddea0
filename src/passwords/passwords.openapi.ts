import { applyDecorators } from '@nestjs/common';
import { ApiError, ApiInvalid, ApiJsonResponse } from '../shared/openapi/api-responses.js';
import { messages } from '../shared/validation/index.js';
import { PasswordResetResource, ResetRequestedResource } from './passwords.resource.js';

export const ApiResetRequestedResponse = (): MethodDecorator =>
  ApiJsonResponse(202, ResetRequestedResource, {
    description: 'The same whether or not the address has an account.',
  });

export const ApiResetSentResponse = (): MethodDecorator =>
  applyDecorators(
    ApiResetRequestedResponse(),
    ApiInvalid('base', messages.NOT_ALLOWED, 'The account was cancelled.'),
  );

export const ApiPasswordResetResponse = (): MethodDecorator =>
  applyDecorators(
    ApiJsonResponse(200, PasswordResetResource),
    ApiError(401, 'Invalid Token', 'The token is wrong, used, replaced by a newer one or expired.'),
  );
