import type { RouteAccess } from '../access/index.js';
import { errorResponse } from './api-responses.js';
import {
  ACCESS_REASON_PARAMETER,
  idParameter,
  QUOTA_HEADERS,
  REQUEST_ID_HEADER,
  REQUEST_ID_PARAMETER,
} from './parameters.js';

/** The parts of an operation object that are filled in here. */
export interface OperationObject {
  operationId: string;
  summary?: string;
  description?: string;
  parameters?: ParameterObject[];
  requestBody?: unknown;
  responses: Record<string, ResponseObject>;
  security?: Record<string, string[]>[];
}

interface ParameterObject {
  in: string;
  name: string;
}

interface ResponseObject {
  $ref?: string;
  description?: string;
  headers?: Record<string, unknown>;
  content?: Record<string, unknown>;
}

type Method = 'get' | 'post' | 'put' | 'delete';

/** Adds what an operation has in common with all others that ask the same of their caller: security, errors, headers. */
export function describeOperation(
  operation: OperationObject,
  method: Method,
  { requirement, action, idOf }: RouteAccess,
): void {
  const { requestBody, responses } = operation;
  const parameters = (operation.parameters ??= []);
  const isPublic = requirement === 'public';
  const mayBeForbidden = requirement === 'admin' || requirement === 'clinical' || action !== null;
  // On a public route a token may come along: an administrator's makes a difference at the sign-up.
  operation.security = [{ userToken: [] }, { bearer: [] }];
  if (isPublic) operation.security.unshift({});
  const hasBody = requestBody !== undefined;
  const isValidated = hasBody || parameters.some((parameter) => parameter.in === 'query');
  const errors: [string, string, boolean][] = [
    ['400', 'MalformedJson', hasBody],
    ['401', 'NotAuthorized', !isPublic],
    ['403', 'Forbidden', mayBeForbidden],
    ['404', 'UserNotFound', idOf === 'User'],
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
  if (idOf !== null) {
    responses['404'] ??= errorResponse(404, `${idOf} not found`, `You have no such ${idOf.toLowerCase()}.`);
  }
  for (const [status, response] of Object.entries(responses)) {
    if (response.$ref !== undefined) continue;
    response.headers = { ...response.headers, 'X-Request-Id': REQUEST_ID_HEADER };
    if (!isPublic && status.startsWith('2')) Object.assign(response.headers, QUOTA_HEADERS);
  }
  // Whoever reads another's record may say why.
  if (action !== null && method === 'get') parameters.push(ACCESS_REASON_PARAMETER);
  if (idOf !== null) parameters.push(idParameter(idOf));
  if (hasBody || !isPublic) parameters.push(REQUEST_ID_PARAMETER);
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
