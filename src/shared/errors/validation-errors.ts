/** Messages by field name (the innermost key, in camelCase), as they are collected while a record is checked. */
export class ValidationErrors {
  private readonly messages = new Map<string, string[]>();

  /** Adds messages to a field; one that the field has already is not repeated. */
  add(field: string, ...messages: string[]): this {
    const known = this.messages.get(field) ?? [];
    for (const message of messages) if (!known.includes(message)) known.push(message);
    if (known.length > 0) this.messages.set(field, known);
    return this;
  }

  has(field: string): boolean {
    return this.messages.has(field);
  }

  get isEmpty(): boolean {
    return this.messages.size === 0;
  }

  toObject(): Record<string, string[]> {
    return Object.fromEntries(this.messages);
  }

  /** @throws RecordInvalid when anything was found */
  throwIfAny(): void {
    if (!this.isEmpty) throw new RecordInvalid(this);
  }
}

/** What services throw. They know nothing of HTTP; the error filter gives each its status. */
export abstract class DomainError extends Error {}

/** A value breaks a rule (422). */
export class RecordInvalid extends DomainError {
  constructor(readonly errors: ValidationErrors) {
    super('The record is invalid');
  }

  static on(field: string, ...messages: string[]): RecordInvalid {
    return new RecordInvalid(new ValidationErrors().add(field, ...messages));
  }
}
