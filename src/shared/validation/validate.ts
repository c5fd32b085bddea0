import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validate as findErrors, type ValidationError } from 'class-validator';
import { ValidationErrors } from '../errors/index.js';
import { messagesOf } from './wording.js';

/** Values that were read into their class, and the errors that were found in them. */
export interface Validated<T> {
  /** Of the declared types only where `errors` has no entry. */
  readonly values: T;
  /** By field. A service may add errors that need the database, so that one answer has them all. */
  readonly errors: ValidationErrors;
}

/**
 * Reads plain values with camelCase keys into a class and checks them by its decorators. Drops unknown properties. The
 * HTTP pipe and the command line both use it.
 */
export async function validate<T extends object>(type: Type<T>, plain: unknown): Promise<Validated<T>> {
  const values = plainToInstance(type, plain);
  const errors = new ValidationErrors();
  collect(await findErrors(values, { whitelist: true, forbidUnknownValues: false }), errors);
  return { values, errors };
}

/** Errors are filed under the innermost key; those of a list's items under the key of the list. */
function collect(found: readonly ValidationError[], errors: ValidationErrors, list?: string): void {
  for (const error of found) {
    const field = list ?? error.property;
    errors.add(field, ...messagesOf(error));
    collect(error.children ?? [], errors, Array.isArray(error.value) ? field : undefined);
  }
}
