import { applyDecorators } from '@nestjs/common';
import { plainToInstance, Transform } from 'class-transformer';
import { ValidateBy, ValidateNested } from 'class-validator';
import { INVALID } from './messages.js';

type DtoClass = new () => object;

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object inside the body, checked by its own class. Null is read as an empty object. */
export function IsNested(type: () => DtoClass): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => {
      if (value === null) return new (type())();
      return isPlainObject(value) ? plainToInstance(type(), value) : value;
    }),
    ValidateNested(),
    ValidateBy(
      { name: 'nested', validator: { validate: (value) => value === undefined || isPlainObject(value) } },
      { message: INVALID },
    ),
  );
}
