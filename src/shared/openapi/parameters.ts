import { MAX_ID } from '../lib/ids.js';

// Headers and parameters that many operations of the OpenAPI document share.

export const REQUEST_ID_HEADER = {
  description: "The request's id: the caller's own, or a new one",
  schema: { type: 'string' as const, maxLength: 128, pattern: '^[A-Za-z0-9._-]{1,128}$' },
  example: 'b6c1f0de-3c2e-4d47-9f6a-0a1f6f1f2d3c',
};

export const REQUEST_ID_PARAMETER = {
  in: 'header',
  name: 'X-Request-Id',
  required: false,
  description: 'An id of your own for this request',
  schema: REQUEST_ID_HEADER.schema,
  example: REQUEST_ID_HEADER.example,
};

export const ACCESS_REASON_PARAMETER = {
  name: 'X-Access-Reason',
  in: 'header',
  description: "Why you read another person's record; kept in the audit log, cut to 200 characters",
  required: false,
  schema: { type: 'string' as const, example: 'Follow-up call' },
};

/** @param what it is the id of: `User` */
export const idParameter = (what: string) => ({
  name: 'id',
  required: true,
  in: 'path',
  description: `The id of the ${what.toLowerCase()}`,
  schema: { type: 'integer' as const, minimum: 1, maximum: MAX_ID },
});

/** RFC 9110, 11.6.1. */
export const CHALLENGE_HEADER = {
  description: 'RFC 9110',
  schema: { type: 'string' as const },
  example: 'Bearer',
};

/** Of the limit per token. They are absent where it is switched off. */
export const QUOTA_HEADERS = {
  'RateLimit-Policy': {
    description:
      'How many requests (`q`) the token may make in how many seconds (`w`); draft-ietf-httpapi-ratelimit-headers',
    schema: { type: 'string' as const },
    example: '"token";q=300;w=60',
  },
  RateLimit: {
    description: 'How many are left (`r`), and in how many seconds counting starts anew (`t`)',
    schema: { type: 'string' as const },
    example: '"token";r=299;t=60',
  },
};
