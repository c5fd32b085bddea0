import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiResponse } from '@nestjs/swagger';
import { apiError, apiInvalid } from '../shared/openapi/api-error.js';
import { messages } from '../shared/validation/index.js';
import { ConfirmationResource, SentCodeResource } from './verification.resource.js';

export const ApiConfirmed = (): MethodDecorator =>
  applyDecorators(
    ApiOkResponse({ type: ConfirmationResource }),
    ApiResponse(
      apiError(
        401,
        'Invalid Code',
        'The code is wrong, expired, used, replaced by a newer one, out of attempts or not six digits, or the account ' +
          'is confirmed already or cancelled.',
      ),
    ),
    ApiResponse(apiError(404, 'User not found', 'There is no such user.')),
  );

export const ApiCodeSent = (): MethodDecorator =>
  applyDecorators(
    ApiOkResponse({ type: SentCodeResource }),
    ApiResponse(
      apiInvalid('base', messages.ALREADY_CONFIRMED, 'The account is confirmed already, or cancelled.'),
    ),
  );
