import { ApiHeader } from '@nestjs/swagger';

/** The route shows another person's record: the reader may say why. */
export const ApiAccessReason = (): MethodDecorator & ClassDecorator =>
  ApiHeader({
    name: 'X-Access-Reason',
    required: false,
    description: "Why you read another person's record; kept in the audit log, cut to 200 characters",
    schema: { type: 'string' },
    example: 'Follow-up call',
  });
