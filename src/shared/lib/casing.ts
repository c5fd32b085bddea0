// camelCase in TypeScript, snake_case on the wire and in the database: this pair of functions is the only place that
// knows how one becomes the other.

const snakeNames = new Map<string, string>();

/** `firstName` -> `first_name`. */
export function snakeCase(name: string): string {
  let snake = snakeNames.get(name);
  if (snake === undefined) {
    snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    // Only names that the code itself writes get here, so the map stays as small as the code.
    snakeNames.set(name, snake);
  }
  return snake;
}

/** `first_name` -> `firstName`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The value with all keys in snake_case, at any depth; dates and other class values stay as they are. */
export function toWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const wire: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) wire[snakeCase(key)] = toWire(item);
  return wire;
}

/**
 * The value with all keys in camelCase. A key that is not snake_case (`firstName`) is dropped like any unknown property,
 * so that it can't pass for a known one.
 */
export function fromWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromWire);
  if (typeof value !== 'object' || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const name = camelCase(key);
    if (name in Object.prototype) continue;
    if (name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) === key) result[name] = fromWire(item);
  }
  return result;
}
