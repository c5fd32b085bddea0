import { type ArgumentMetadata, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { fromWire } from '../lib/casing.js';
import { validate } from './validate.js';

const PLAIN_TYPES: readonly unknown[] = [undefined, String, Number, Boolean, Array, Object];

/**
 * Reads bodies and queries into their classes: wire names to camelCase, unknown properties dropped, every rule checked.
 *
 * @throws RecordInvalid with everything that is wrong at once
 */
@Injectable()
export class RequestValidationPipe implements PipeTransform {
  async transform(value: unknown, { type, metatype }: ArgumentMetadata): Promise<unknown> {
    if ((type !== 'body' && type !== 'query') || !isDto(metatype)) return value;
    const { values, errors } = await validate(
      metatype,
      fromWire(type === 'query' ? withoutEmpty(value) : (value ?? {})),
    );
    errors.throwIfAny();
    return values;
  }
}

function isDto(metatype: ArgumentMetadata['metatype']): metatype is Type<object> {
  return !PLAIN_TYPES.includes(metatype);
}

/** An empty parameter counts as absent. */
function withoutEmpty(query: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query ?? {}).filter(([, value]) => value !== ''));
}
