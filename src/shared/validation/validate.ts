import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validate as findErrors, type ValidationError } from 'class-validator';
import { ValidationErrors } from '../errors/index.js';
import { messagesOf } from './wording.js';

/** What was sent, and all that its class finds wrong with it. */
export interface Validated<T> {
  /** As the class declares them, as far as `errors` says nothing else. */
  readonly values: T;
  /** By field; a service may add what only the database knows, so that everything comes in one answer. */
  readonly errors: ValidationErrors;
}

/**
 * Reads plain values (camelCase keys) into a class and checks them by its decorators. Unknown properties are dropped.
 * Both the HTTP pipe and the command line come through here.
 */
export async function validate<T extends object>(type: Type<T>, plain: unknown): Promise<Validated<T>> {
  const values = plainToInstance(type, plain);
  const errors = new ValidationErrors();
  collect(await findErrors(values, { whitelist: true, forbidUnknownValues: false }), errors);
  return { values, errors };
}

/** A field is named by its innermost key, an item of a list by the list's. */
function collect(found: readonly ValidationError[], errors: ValidationErrors, list?: string): void {
  for (const error of found) {
    const field = list ?? error.property;
    errors.add(field, ...messagesOf(error));
    collect(error.children ?? [], errors, Array.isArray(error.value) ? field : undefined);
  }
}
