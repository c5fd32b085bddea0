import { applyDecorators } from '@nestjs/common';
import { ApiError, ApiInvalid, ApiJsonResponse } from '../shared/openapi/api-responses.js';
import { messages } from '../shared/validation/index.js';
import { ConfirmationResource, SentCodeResource } from './verification.resource.js';

export const ApiConfirmationResponse = (): MethodDecorator =>
  applyDecorators(
    ApiJsonResponse(200, ConfirmationResource),
    ApiError(
      401,
      'Invalid Code',
      'The code is wrong, expired, used, replaced by a newer one, out of attempts or not six digits, or the account ' +
        'is confirmed already or cancelled.',
    ),
    ApiError(404, 'User not found', 'There is no such user.'),
  );

export const ApiSentCodeResponse = (): MethodDecorator =>
  applyDecorators(
    ApiJsonResponse(200, SentCodeResource),
    ApiInvalid('base', messages.ALREADY_CONFIRMED, 'The account is confirmed already, or cancelled.'),
  );
