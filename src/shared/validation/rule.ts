import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ValidateBy, type ValidationArguments } from 'class-validator';
import { isInvisible, trimEnds } from '../lib/text.js';

export interface RuleOptions {
  readonly name: string;
  /** Brings a raw value into the form that is stored; what it can't read it leaves for `check` to refuse. */
  readonly read?: (value: unknown) => unknown;
  /** What is wrong with the value, or undefined. Sees `undefined` for a property that was not sent, and its siblings. */
  readonly check: (value: unknown, siblings: Readonly<Record<string, unknown>>) => string | undefined;
  /** How the OpenAPI document describes the property. */
  readonly schema?: ApiPropertyOptions;
}

/**
 * Puts one rule on a property: class-transformer reads the value, class-validator checks it, the OpenAPI document
 * describes it. One rule a property, because a blank value is to be called blank and nothing else.
 */
export function Rule({ name, read, check, schema }: RuleOptions): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (read ? read(value) : value)),
    ValidateBy(
      { name, validator: { validate: (value, args) => check(value, siblingsOf(args)) === undefined } },
      { message: (args) => check(args.value, siblingsOf(args)) ?? '' },
    ),
    ...(schema ? [ApiProperty(schema)] : []),
  );
}

function siblingsOf(args: ValidationArguments | undefined): Readonly<Record<string, unknown>> {
  return (args?.object ?? {}) as Record<string, unknown>;
}

/** Whether a value is missing, or is a text of which nothing can be seen. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && isInvisible(value));
}

/** A single-line text without what surrounds it; every other type stays as it is, for the check to refuse. */
export function trimmed(value: unknown): unknown {
  return typeof value === 'string' ? trimEnds(value) : value;
}

/** An optional text: one of which nothing can be seen counts as null. */
export function optionalText(value: unknown): unknown {
  return value !== undefined && isBlank(value) ? null : trimmed(value);
}
