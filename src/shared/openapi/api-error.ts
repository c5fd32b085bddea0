import type { ApiResponseOptions } from '@nestjs/swagger';

/** RFC 9110, 11.6.1. */
export const CHALLENGE = { description: 'RFC 9110', schema: { type: 'string' as const }, example: 'Bearer' };

/** An error with one text for the whole request, as a response of the OpenAPI document. */
export function apiError(status: number, text: string, description: string): ApiResponseOptions {
  return {
    status,
    description,
    ...(status === 401 ? { headers: { 'WWW-Authenticate': CHALLENGE } } : {}),
    content: {
      'application/json': { schema: { $ref: '#/components/schemas/Error' }, example: { errors: text } },
    },
  };
}

/** A 422 with one message, as a response of the OpenAPI document. */
export function apiInvalid(field: string, message: string, description: string): ApiResponseOptions {
  return {
    status: 422,
    description,
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/ValidationErrors' },
        example: { errors: { [field]: [message] } },
      },
    },
  };
}
