/** The parts of an operation object that are filled in here. */
export interface OperationObject {
  operationId: string;
  summary?: string;
  description?: string;
  parameters?: { in: string; name: string }[];
  requestBody?: unknown;
  responses: Record<string, ResponseObject>;
  security?: Record<string, string[]>[];
}

interface ResponseObject {
  $ref?: string;
  description?: string;
  headers?: Record<string, unknown>;
  content?: Record<string, unknown>;
}

export interface RouteFacts {
  /** Needs no token. */
  readonly isPublic: boolean;
  readonly mayBeForbidden: boolean;
  /** Has the `{id}` of a user. */
  readonly isAboutUser: boolean;
}

/** Adds what an operation has in common with every other of its kind: security, errors, headers. */
export function describeOperation(operation: OperationObject, facts: RouteFacts | undefined): void {
  const { requestBody, parameters = [], responses } = operation;
  const isPublic = facts?.isPublic === true;
  // On a public route a token may come along: an administrator's makes a difference at the sign-up.
  operation.security = [{ userToken: [] }, { bearer: [] }];
  if (isPublic) operation.security.unshift({});
  const hasBody = requestBody !== undefined;
  const isValidated = hasBody || parameters.some((parameter) => parameter.in === 'query');
  const errors: [string, string, boolean][] = [
    ['400', 'MalformedJson', hasBody],
    ['401', 'NotAuthorized', !isPublic],
    ['403', 'Forbidden', facts?.mayBeForbidden === true],
    ['404', 'UserNotFound', facts?.isAboutUser === true],
    ['408', 'RequestTimeout', hasBody],
    ['413', 'BodyTooLarge', hasBody],
    ['415', 'WrongContentType', hasBody],
    ['422', 'Invalid', isValidated],
    ['429', 'TooManyRequests', true],
    ['500', 'InternalError', true],
    ['503', 'Unavailable', true],
  ];
  for (const [status, name, applies] of errors) {
    if (applies) responses[status] ??= { $ref: `#/components/responses/${name}` };
  }
  for (const [status, response] of Object.entries(responses)) {
    if (response.$ref !== undefined) continue;
    response.headers = { ...response.headers, 'X-Request-Id': REQUEST_ID_HEADER };
    if (!isPublic && status.startsWith('2')) Object.assign(response.headers, QUOTA_HEADERS);
  }
  if (hasBody || !isPublic) (operation.parameters ??= []).push(REQUEST_ID_PARAMETER);
  if (!operation.description && operation.summary) operation.description = operation.summary;
  operation.operationId = readableId(operation.operationId);
}

/** `UsersController.list` -> `usersList`. */
function readableId(id: string): string {
  const [controller = '', method = ''] = id.split('.');
  const feature = controller.replace(/Controller$/, '');
  return (
    feature.charAt(0).toLowerCase() + feature.slice(1) + method.charAt(0).toUpperCase() + method.slice(1)
  );
}

export const REQUEST_ID_HEADER = {
  description: "The request's id: the caller's own, or a new one",
  schema: { type: 'string', maxLength: 128, pattern: '^[A-Za-z0-9._-]{1,128}$' },
  example: 'b6c1f0de-3c2e-4d47-9f6a-0a1f6f1f2d3c',
};

/** Of the limit per token: where it is switched off, they are not there. */
const QUOTA_HEADERS = {
  'RateLimit-Policy': {
    description:
      'How many requests (`q`) the token may make in how many seconds (`w`); draft-ietf-httpapi-ratelimit-headers',
    schema: { type: 'string' },
    example: '"token";q=300;w=60',
  },
  RateLimit: {
    description: 'How many are left (`r`), and in how many seconds counting starts anew (`t`)',
    schema: { type: 'string' },
    example: '"token";r=299;t=60',
  },
};

const REQUEST_ID_PARAMETER = {
  in: 'header',
  name: 'X-Request-Id',
  required: false,
  description: 'An id of your own for this request',
  schema: REQUEST_ID_HEADER.schema,
  example: REQUEST_ID_HEADER.example,
};
