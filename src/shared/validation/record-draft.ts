import { ValidationErrors } from '../errors/index.js';

/**
 * A body whose rules are not all to be seen from the body: whether an address is taken, whether a password is the
 * stored name. The pipe leaves here what it found, the service adds what it finds, and all comes in one answer.
 */
export abstract class RecordDraft {
  readonly #errors = new ValidationErrors();

  get errors(): ValidationErrors {
    return this.#errors;
  }

  /** class-transformer sets whatever a body holds: an `errors` of the client's own is an unknown property. */
  set errors(_sent: unknown) {
    // Ignored.
  }
}
