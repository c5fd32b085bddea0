import type { Type } from '@nestjs/common';
import { ApiOkResponse, ApiParam } from '@nestjs/swagger';
import { MAX_ID } from '../shared/lib/ids.js';

/** A page, newest first. */
export const ApiAuditPage = (type: Type, path: string): MethodDecorator =>
  ApiOkResponse({
    type,
    headers: {
      Link: {
        description: 'RFC 8288: `first`, `prev`, `next` and `last`',
        schema: { type: 'string' },
        example: `<${path}?page=2&page_size=50>; rel="next"`,
      },
    },
  });

/** The `{id}` of a user. */
export const ApiReportedUser = (): MethodDecorator =>
  ApiParam({
    name: 'id',
    description: 'The id of the user',
    example: 123,
    schema: { type: 'integer', minimum: 1, maximum: MAX_ID },
  });
