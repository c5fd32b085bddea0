/**
 * What a module keeps about a person, for the export that people have a right to (GDPR, articles 15 and 20). Any
 * provider that extends this class is found; a module that keeps personal data should have one.
 */
export abstract class PersonalData {
  /** The section of the export, in camelCase: `sessions`. */
  abstract readonly section: string;

  /** Everything about this person, nothing about another, and no secret (no digest, code or token). */
  abstract of(userId: number): Promise<unknown>;
}
