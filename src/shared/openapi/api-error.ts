import type { ApiResponseOptions } from '@nestjs/swagger';

/** An error with one text for the whole request, as a response of the OpenAPI document. */
export function apiError(status: number, text: string, description: string): ApiResponseOptions {
  return {
    status,
    description,
    content: {
      'application/json': { schema: { $ref: '#/components/schemas/Error' }, example: { errors: text } },
    },
  };
}
