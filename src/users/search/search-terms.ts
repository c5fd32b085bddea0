import { Metadata, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { foldedWords } from '../../shared/lib/folding.js';
import type { User } from '../user.entity.js';
import { TERM_LENGTH } from './user-search-term.entity.js';

/**
 * What the terms of phone numbers begin with, so that nothing else does: both are compatibility characters, which no
 * folded word and no e-mail address holds.
 */
const INTERNATIONAL = '\uff0b';
const REVERSED = '\u2026';

/** What can be found of an account. */
export type Searchable = Pick<User, 'firstName' | 'lastName' | 'email' | 'phoneE164'>;

/** The term of an international number without `+`, or of its beginning. */
export function internationalTerm(digits: string): string {
  return `${INTERNATIONAL}${digits}`;
}

/** The term of a number's last digits: reversed, so that its end is found as a beginning. */
export function reversedTerm(digits: string): string {
  return `${REVERSED}${[...digits].toReversed().join('')}`;
}

export function cutTerm(term: string): string {
  return term.length <= TERM_LENGTH ? term : [...term].slice(0, TERM_LENGTH).join('');
}

/**
 * The terms of an account, each once: the words of its names, its e-mail address whole and its two parts, and its phone
 * number (international, national with and without the trunk prefix, and reversed).
 */
export function searchTermsOf({ firstName, lastName, email, phoneE164 }: Searchable): Set<string> {
  const at = email.lastIndexOf('@');
  const terms = [
    ...foldedWords(firstName),
    ...foldedWords(lastName),
    email,
    email.slice(0, at),
    email.slice(at + 1),
    ...(phoneE164 === null ? [] : phoneTerms(phoneE164)),
  ];
  return new Set(terms.map(cutTerm));
}

function phoneTerms(e164: string): string[] {
  const digits = e164.slice(1);
  const terms = [internationalTerm(digits), reversedTerm(digits)];
  const number = parsePhoneNumberFromString(e164);
  if (!number) return terms;
  const { nationalNumber, countryCallingCode } = number;
  // Where 0 is part of the number, as in Italy, none is put before it: 00 is dialled before international numbers.
  if (nationalNumber.startsWith('0')) return [...terms, nationalNumber];
  // 0, whatever the country: people take it for granted.
  const prefixes = new Set([trunkPrefix(countryCallingCode), '0']);
  const withPrefix = [...prefixes].map((prefix) => `${prefix}${nationalNumber}`);
  return [...terms, nationalNumber, ...withPrefix];
}

/** What is dialled before a national number: 0 in most countries, 8 in Russia, 06 in Hungary. */
function trunkPrefix(callingCode: string): string {
  const metadata = new Metadata() as Metadata & {
    selectNumberingPlan(callingCode: string): void;
    numberingPlan?: { nationalPrefix(): string | undefined };
  };
  metadata.selectNumberingPlan(callingCode);
  return metadata.numberingPlan?.nationalPrefix() ?? '';
}
