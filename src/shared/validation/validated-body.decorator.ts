import { Body, type PipeTransform, type Type } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import { fromWire } from '../lib/casing.js';
import { validate, type Validated } from './validate.js';

/** Reads a body into its class and returns the errors instead of throwing them. */
class ValidatedBodyPipe<T extends object> implements PipeTransform<unknown, Promise<Validated<T>>> {
  constructor(private readonly type: Type<T>) {}

  transform(body: unknown): Promise<Validated<T>> {
    return validate(this.type, fromWire(body ?? {}));
  }
}

/**
 * The body with its errors, for a service that adds rules of its own, such as whether an address is taken:
 * `@ValidatedBody(CreateUserDto) body: Validated<CreateUserDto>`. The service must call `errors.throwIfAny()`.
 */
export function ValidatedBody(type: Type<object>): ParameterDecorator {
  return (target, method, index) => {
    if (method === undefined) throw new TypeError('@ValidatedBody is for the parameters of methods');
    Body(new ValidatedBodyPipe(type))(target, method, index);
    // The parameter's type is an interface, which the OpenAPI document can't see.
    ApiBody({ type })(target, method, Object.getOwnPropertyDescriptor(target, method) ?? {});
  };
}
