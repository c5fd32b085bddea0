import { type ArgumentMetadata, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import { fromWire } from '../lib/casing.js';
import { ValidationErrors } from '../errors/index.js';
import { RecordDraft } from './record-draft.js';

/**
 * Reads bodies and queries into their classes: wire names to camelCase, unknown properties dropped, every rule
 * checked, all findings in one answer. (A `RecordDraft` keeps its findings, for its service to complete.)
 */
@Injectable()
export class RequestValidationPipe implements PipeTransform {
  async transform(value: unknown, { type, metatype }: ArgumentMetadata): Promise<unknown> {
    if ((type !== 'body' && type !== 'query') || !isDto(metatype)) return value;
    const plain = fromWire(type === 'query' ? withoutEmpty(value) : (value ?? {}));
    const dto = plainToInstance(metatype, plain) as object;
    const found = await validate(dto, { whitelist: true, forbidUnknownValues: false });
    const errors = dto instanceof RecordDraft ? dto.errors : new ValidationErrors();
    collect(found, errors);
    if (!(dto instanceof RecordDraft)) errors.throwIfAny();
    return dto;
  }
}

function isDto(metatype: ArgumentMetadata['metatype']): metatype is Type {
  return metatype !== undefined && ![String, Number, Boolean, Array, Object].includes(metatype as never);
}

/** An empty parameter counts as absent. */
function withoutEmpty(query: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query ?? {}).filter(([, value]) => value !== ''));
}

/** Names are those of the innermost key. */
function collect(found: ValidationError[], errors: ValidationErrors): void {
  for (const { property, constraints, children } of found) {
    const messages = Object.entries(constraints ?? {})
      .filter(([rule]) => rule !== 'nestedValidation')
      .map(([, message]) => message);
    errors.add(property, ...messages);
    collect(children ?? [], errors);
  }
}
