import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ValidateBy, type ValidationArguments } from 'class-validator';

export interface RuleOptions {
  readonly name: string;
  /** Normalises a raw value; returns values that it can't read unchanged, for `check` to refuse. */
  readonly read?: (value: unknown) => unknown;
  /** The message for a wrong value, or undefined. The value is undefined for a property that was not sent. */
  readonly check: (value: unknown, siblings: Readonly<Record<string, unknown>>) => string | undefined;
  /** The schema of the property in the OpenAPI document. */
  readonly schema?: ApiPropertyOptions;
}

/**
 * One rule for a property: class-transformer normalises the value, class-validator checks it, the OpenAPI document
 * describes it. There is one rule per property so that a blank value gets one message, that it is blank.
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

/** Whether a value is missing, empty or only white space. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** Trims text; returns other types unchanged, for the check to refuse. */
export function trimmed(value: unknown): unknown {
  return typeof value === 'string' ? value.trim() : value;
}

/** Trims an optional text; empty becomes null. */
export function optionalText(value: unknown): unknown {
  const text = trimmed(value);
  return text === '' ? null : text;
}
