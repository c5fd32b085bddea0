import { getMetadataStorage, type ValidationError } from 'class-validator';
import * as messages from './messages.js';
import { isBlank } from './rule.js';

type Wording = (value: unknown, constraints: readonly unknown[]) => string;

/** A value of the wrong type gets this message only, because its length or range means nothing. */
const TYPES = new Map<string, string>([
  ['isInt', messages.NOT_AN_INTEGER],
  ['isString', messages.INVALID],
  ['isNumber', messages.INVALID],
  ['isBoolean', messages.INVALID],
  ['isDate', messages.INVALID],
  ['isArray', messages.INVALID],
  ['isObject', messages.INVALID],
]);

/** class-validator's own constraints in the wording of the contract; all others are `is invalid`. */
const WORDINGS = new Map<string, Wording>([
  ['isDefined', () => messages.BLANK],
  ['isNotEmpty', () => messages.BLANK],
  ['arrayNotEmpty', () => messages.BLANK],
  ['isIn', () => messages.NOT_IN_LIST],
  ['isEnum', () => messages.NOT_IN_LIST],
  ['min', (_, [minimum]) => messages.atLeast(Number(minimum))],
  ['max', (_, [maximum]) => messages.atMost(Number(maximum))],
  ['minLength', (value, [minimum]) => lengthMessage(value, Number(minimum))],
  ['maxLength', (value, [maximum]) => lengthMessage(value, 0, Number(maximum))],
  [
    'isLength',
    (value, [minimum, maximum]) =>
      lengthMessage(value, Number(minimum), maximum === undefined ? undefined : Number(maximum)),
  ],
]);

/**
 * The messages of one property, in the wording of the contract. Messages that decorators bring along (each rule of this
 * folder, or `@IsString({ message: ... })`) win over all others. Otherwise a blank value is blank and nothing else.
 */
export function messagesOf(error: ValidationError): string[] {
  const own: string[] = [];
  const byName = new Map<string, string>();
  for (const [name, message] of Object.entries(error.constraints ?? {})) {
    const metadata = metadataOf(error, name);
    if (metadata?.message) own.push(message);
    else byName.set(name, word(name, error.value, metadata?.constraints ?? []));
  }
  if (own.length > 0 || byName.size === 0) return own;
  if (isBlank(error.value)) return [messages.BLANK];
  const wrongType = [...byName.keys()].flatMap((name) => TYPES.get(name) ?? []);
  return wrongType.length > 0 ? wrongType : [...byName.values()];
}

function word(name: string, value: unknown, constraints: readonly unknown[]): string {
  return TYPES.get(name) ?? WORDINGS.get(name)?.(value, constraints) ?? messages.INVALID;
}

function lengthMessage(value: unknown, minimum: number, maximum?: number): string {
  const texts = [value].flat().filter((text) => typeof text === 'string');
  if (texts.some((text) => text.length < minimum)) return messages.tooShort(minimum);
  return maximum === undefined || texts.length === 0 ? messages.INVALID : messages.tooLong(maximum);
}

type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** An error has only the constraint's name; the decorator's arguments and message are in class-validator's storage. */
function metadataOf({ target, property }: ValidationError, name: string): Metadata | undefined {
  const storage = getMetadataStorage();
  const isNamed = (metadata: Metadata): boolean =>
    metadata.name === name ||
    storage
      .getTargetValidatorConstraints(metadata.constraintCls)
      .some((constraint) => constraint.name === name);
  return storage
    .getTargetValidationMetadatas(target?.constructor ?? Object, '', false, false)
    .find((metadata) => metadata.propertyName === property && isNamed(metadata));
}
