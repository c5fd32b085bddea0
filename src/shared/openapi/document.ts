import { readFileSync } from 'node:fs';
import type { INestApplication } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { accessTo, type RouteAccess } from '../access/index.js';
import { describeOperation, type OperationObject } from './describe-operation.js';
import { ERROR_SCHEMAS, SHARED_RESPONSES } from './shared-responses.js';
import { useWireNames } from './wire-names.js';

const METHODS = ['get', 'post', 'put', 'delete'] as const;

const DESCRIPTION = `Users and authentication for digital-health products.

Sign up with \`POST /v1/users\` or sign in with \`POST /v1/sessions\`; send the token that comes back in
\`X-User-Token\` (or as \`Authorization: Bearer\`) with every other request.

Bodies are JSON objects of at most 16 KiB, nested no deeper than 8. Errors are always \`{"errors": ...}\`: a text, or,
for 422, an object of field name and messages. Times are UTC in ISO 8601. Unknown and read-only properties are ignored.`;

/** In the order in which a reader wants them; a team's own come behind. */
const TAGS = {
  Users: 'Accounts',
  Sessions: 'Signing in and out',
  Verification: 'Confirming an account with a code',
  Passwords: 'Forgotten passwords',
  Audit: 'Who did and who read what',
  Support: 'For administrators who help somebody',
  Limits: 'The state of limits, for administrators',
  Development: 'Outside production only',
  Operations: 'For orchestrators and monitoring',
};

/** The OpenAPI 3.1 document: what Nest finds in the code, with wire names and all that every route has in common. */
export function buildDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('General Users API')
    .setDescription(DESCRIPTION)
    .setVersion(packageVersion())
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'The server that this document comes from: local, staging or production', undefined, {
      'x-internal': false,
    })
    .addApiKey(
      { type: 'apiKey', in: 'header', name: 'X-User-Token', description: 'The token of a session' },
      'userToken',
    )
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'opaque', description: 'The same token' },
      'bearer',
    );
  for (const [name, description] of Object.entries(TAGS)) config.addTag(name, description);
  const document = SwaggerModule.createDocument(app, config.build(), {
    operationIdFactory: (controller, method) => `${controller}.${method}`,
  });
  const routes = accessByOperation(app);
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method] as OperationObject | undefined;
      const access = operation && routes.get(operation.operationId);
      if (access) describeOperation(operation, method, access);
    }
  }
  Object.assign(((document.components ??= {}).schemas ??= {}), ERROR_SCHEMAS);
  document.components.responses = SHARED_RESPONSES;
  return useWireNames(document);
}

/** What each route asks of its caller, by `Controller.method`. */
function accessByOperation(app: INestApplication): Map<string, RouteAccess> {
  const routes = new Map<string, RouteAccess>();
  for (const { metatype } of app.get(DiscoveryService, { strict: false }).getControllers()) {
    if (!metatype) continue;
    const prototype = metatype.prototype as object;
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const handler: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
      if (typeof handler !== 'function') continue;
      routes.set(`${metatype.name}.${name}`, accessTo(handler, metatype));
    }
  }
  return routes;
}

function packageVersion(): string {
  const file = readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}
