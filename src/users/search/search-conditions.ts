import { isAscii, normalizeEmailAddress } from '../../shared/lib/email-address.js';
import { foldedWords } from '../../shared/lib/folding.js';
import { dialled, parsePhoneNumber } from '../../shared/lib/phone-number.js';
import { cutTerm, internationalTerm, reversedTerm } from './search-terms.js';

/** Shorter ends of phone numbers would find too many. */
const MIN_END_DIGITS = 6;

/** What must be true of an account's terms: one begins with any of these, or all or any of some conditions hold. */
export type Condition =
  | { readonly begins: readonly string[] }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] };

/**
 * Reads a search. Every condition must hold; null where the search folds to nothing, and therefore finds nobody. What
 * folds to nothing beside something else is left out.
 */
export function readSearch(search: string): Condition[] | null {
  const conditions = search.split(/[,;،、，；؛]/u).flatMap(conditionsOfPart);
  return conditions.length === 0 ? null : withoutImplied(conditions);
}

/** Words without commas between them. Numbers that follow on one another may be one that was written with spaces. */
function conditionsOfPart(part: string): Condition[] {
  const words = part.split(/[\s\p{Z}\u0085]+/u).filter((word) => word !== '');
  const conditions: Condition[] = [];
  let numbers: string[] = [];
  const endNumber = (): void => {
    conditions.push(...numberConditions(numbers));
    numbers = [];
  };
  for (const word of words) {
    // Digits and what may stand between those of a phone number, or the latter alone.
    if (/^\+?\d*$/.test(dialled(word))) {
      numbers.push(word);
    } else {
      endNumber();
      conditions.push(...wordConditions(word));
    }
  }
  endNumber();
  return conditions;
}

function numberConditions(words: string[]): Condition[] {
  const each = words.flatMap((word) => {
    const phone = phoneBeginnings(word);
    return phone.length === 0 ? wordConditions(word) : [anyOf({ begins: phone }, ...wordConditions(word))];
  });
  const whole = words.length > 1 ? phoneBeginnings(words.join('')) : [];
  return whole.length === 0 ? each : [anyOf({ begins: whole }, allOf(each))];
}

/** A word of a name, or of an e-mail address, where dashes and apostrophes are themselves. */
function wordConditions(word: string): Condition[] {
  const names = foldedWords(word).map((name) => ({ begins: [cutTerm(name)] }));
  if (names.length === 0) return [];
  return [anyOf(allOf(names), { begins: [...new Set(addressBeginnings(word))] })];
}

/** As it was typed; a domain may have been typed in Unicode, with the rest of its address or alone. */
function addressBeginnings(word: string): string[] {
  const typed = word.normalize('NFKC').toLowerCase();
  if (isAscii(typed)) return [cutTerm(typed)];
  const normalized = word.includes('@')
    ? normalizeEmailAddress(word)
    : normalizeEmailAddress(`x@${word}`).slice(2);
  return [typed, normalized].map(cutTerm);
}

/** How the phone numbers begin that are meant. */
function phoneBeginnings(written: string): string[] {
  const number = dialled(written);
  const digits = number.replace('+', '');
  if (digits === '') return [];
  const parsed = parsePhoneNumber(number);
  const international = new Set([digits, ...(parsed ? [parsed.e164.slice(1)] : [])].map(internationalTerm));
  if (number.startsWith('+')) return [...international];
  const end = digits.length < MIN_END_DIGITS ? [] : [reversedTerm(digits)];
  return [...international, digits, ...end];
}

function allOf(conditions: Condition[]): Condition {
  return conditions.length === 1 ? conditions[0]! : { all: conditions };
}

/** Alternatives that one look into the index decides are one. */
function anyOf(...alternatives: Condition[]): Condition {
  const flat = alternatives.flatMap((condition) => ('any' in condition ? condition.any : [condition]));
  const begins = flat.flatMap((condition) => ('begins' in condition ? condition.begins : []));
  const others = flat.filter((condition) => !('begins' in condition));
  const simple = { begins: [...new Set(begins)] };
  return others.length === 0 ? simple : { any: [simple, ...others] };
}

/** Each condition once, and none that another implies: who has a word beginning with `smith` has one with `s`. */
function withoutImplied(conditions: Condition[]): Condition[] {
  const words = conditions.flatMap((condition) =>
    'begins' in condition && condition.begins.length === 1 ? condition.begins : [],
  );
  const distinct = new Map(conditions.map((condition) => [JSON.stringify(condition), condition]));
  return [...distinct.values()].filter(
    (condition) =>
      !('begins' in condition) ||
      !condition.begins.some((short) => words.some((word) => word !== short && word.startsWith(short))),
  );
}
