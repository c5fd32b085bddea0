import { ApiOkResponse } from '@nestjs/swagger';
import { UserMessageListResource } from './user-message.resource.js';

export const ApiUserMessages = (): MethodDecorator =>
  ApiOkResponse({
    type: UserMessageListResource,
    headers: {
      Link: {
        description: 'RFC 8288: `first`, `prev`, `next` and `last`',
        schema: { type: 'string' },
        example: '</v1/users/123/messages?page=2>; rel="next"',
      },
    },
  });
