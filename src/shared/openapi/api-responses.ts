import { applyDecorators, HttpCode, type Type } from '@nestjs/common';
import { ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';
import { CHALLENGE_HEADER } from './parameters.js';

type Body = Type | Pick<Extract<ApiResponseOptions, { schema: unknown }>, 'schema'>;
type Details = Pick<ApiResponseOptions, 'description' | 'headers'>;

/**
 * What a handler answers when all goes well: sets the status and documents it. A decorator that wraps this one should be
 * called `Api...Response` as well: by that name Swagger's compiler plugin sees that the answer is described, and adds
 * none of its own with the default status.
 *
 * @param body the resource class, or a schema
 */
export const ApiJsonResponse = (
  status: 200 | 201 | 202,
  body: Body,
  details: Details = {},
): MethodDecorator =>
  applyDecorators(
    HttpCode(status),
    ApiResponse({
      status,
      description: '',
      ...details,
      ...(typeof body === 'function' ? { type: body } : body),
    }),
  );

/** 204, for what leaves nothing to show. */
export const ApiEmptyResponse = (description: string): MethodDecorator =>
  applyDecorators(HttpCode(204), ApiResponse({ status: 204, description }));

/**
 * A page of a list, with its `Link` header.
 *
 * @param next the address of a next page, as an example
 */
export const ApiPageResponse = (
  type: Type,
  next: string,
  description = 'RFC 8288: `first`, `prev`, `next` and `last`',
): MethodDecorator =>
  ApiJsonResponse(200, type, {
    headers: { Link: { description, schema: { type: 'string' }, example: `<${next}>; rel="next"` } },
  });

/** An error with one text for the whole request. */
export const ApiError = (status: number, text: string, description: string): MethodDecorator =>
  ApiResponse({ status, ...errorResponse(status, text, description) });

/** A 422 with one message. */
export const ApiInvalid = (field: string, message: string, description: string): MethodDecorator =>
  ApiResponse({
    status: 422,
    description,
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/ValidationErrors' },
        example: { errors: { [field]: [message] } },
      },
    },
  });

/** `{"errors": "<text>"}` as a response object. */
export function errorResponse(status: number, text: string, description: string) {
  return {
    description,
    ...(status === 401 ? { headers: { 'WWW-Authenticate': CHALLENGE_HEADER } } : {}),
    content: {
      'application/json': { schema: { $ref: '#/components/schemas/Error' }, example: { errors: text } },
    },
  };
}
