import { CHALLENGE_HEADER, REQUEST_ID_HEADER } from './parameters.js';

type Headers = Record<string, { description: string; schema: object; example: string | number }>;

function failure(description: string, schema: string, example: unknown, headers: Headers = {}) {
  return {
    description,
    headers: { 'X-Request-Id': REQUEST_ID_HEADER, ...headers },
    content: {
      'application/json': {
        schema: { $ref: `#/components/schemas/${schema}` },
        example: { errors: example },
      },
    },
  };
}

const RETRY_AFTER: Headers = {
  'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer', minimum: 1 }, example: 30 },
};

const NOT_AUTHORIZED = 'You are not authorized to perform this action.';

/** The errors that many routes share. */
export const SHARED_RESPONSES = {
  MalformedJson: failure('The body is not JSON, not UTF-8, or holds `__proto__`.', 'Error', 'Malformed JSON'),
  NotAuthorized: failure('There is no valid token.', 'Error', NOT_AUTHORIZED, {
    'WWW-Authenticate': CHALLENGE_HEADER,
  }),
  Forbidden: failure('The token is valid, but its user may not do this.', 'Error', NOT_AUTHORIZED),
  UserNotFound: failure('There is no such user.', 'Error', 'User not found'),
  RequestTimeout: failure('The request took longer than 10 s to arrive.', 'Error', 'Request timeout'),
  BodyTooLarge: failure('The body has more than 16 KiB.', 'Error', 'Request body is too large'),
  WrongContentType: failure(
    'The body is not `application/json`.',
    'Error',
    'Content-Type must be application/json',
  ),
  Invalid: failure('One or more values are wrong; all of them are named.', 'ValidationErrors', {
    email: ["can't be blank", 'has already been taken'],
    password: ['is too short (minimum is 8 characters)'],
    first_name: ["can't be blank"],
  }),
  TooManyRequests: failure('Too often.', 'Error', 'Too many requests', RETRY_AFTER),
  InternalError: failure(
    'Our fault; the log has the cause under the request id.',
    'Error',
    'Internal server error',
  ),
  Unavailable: failure(
    'The database cannot be reached, or too much waits.',
    'Error',
    'Service unavailable',
    RETRY_AFTER,
  ),
};

export const ERROR_SCHEMAS = {
  Error: {
    type: 'object' as const,
    required: ['errors'],
    properties: { errors: { type: 'string' as const, example: 'Not found' } },
  },
  ValidationErrors: {
    type: 'object' as const,
    required: ['errors'],
    properties: {
      errors: {
        type: 'object' as const,
        description: 'Field name -> messages; what belongs to no field is under `base`',
        additionalProperties: { type: 'array' as const, items: { type: 'string' as const } },
        example: { email: ['has already been taken'] },
      },
    },
  },
};
