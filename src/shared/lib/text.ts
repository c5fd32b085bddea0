// What people type and paste, read for what they mean (contract, *What people type and paste*). Phones, password
// managers, web pages and dictation put characters around and into a text that nobody sees.

/** White space of every kind: Unicode's separators, tab, line ends, U+0085. */
const SPACE = String.raw`\s\p{Z}\u0085`;
/** Format characters (Unicode Cf: direction marks, joiners, BOM, soft hyphen ...) and variation selectors. */
const FORMAT = String.raw`\p{Cf}\ufe00-\ufe0f\u{e0100}-\u{e01ef}`;

const ENDS = new RegExp(`^[${SPACE}${FORMAT}]+|[${SPACE}${FORMAT}]+$`, 'gu');
const SPACE_OR_FORMAT = new RegExp(`[${SPACE}${FORMAT}]`, 'u');
const FORMAT_CHARACTERS = new RegExp(`[${FORMAT}]`, 'gu');
/** Spaces, the fillers of Hangul, the blank pattern of Braille, and marks, which need a base to be seen on. */
const INVISIBLE = new RegExp(`^[${SPACE}${FORMAT}\u115f\u1160\u3164\uffa0\u2800\\p{M}]*$`, 'u');
const DIGIT = /\p{Nd}/u;
const FOREIGN_DIGITS = /(?![0-9])\p{Nd}/gu;
const PUNCTUATION_OF_CODES = new RegExp(`[${SPACE}${FORMAT}\\p{Pd}\u2212]`, 'gu');

/** A single-line text without the white space and format characters at both of its ends. */
export function trimEnds(text: string): string {
  return text.replace(ENDS, '');
}

/** Whether white space or a format character is anywhere in the text. */
export function hasSpaceOrFormat(text: string): boolean {
  return SPACE_OR_FORMAT.test(text);
}

export function withoutFormatCharacters(text: string): string {
  return text.replace(FORMAT_CHARACTERS, '');
}

/** Whether no character of the text can be seen. */
export function isInvisible(text: string): boolean {
  return INVISIBLE.test(text);
}

/** The text with the decimal digits of any script (Unicode Nd) as ASCII digits. */
export function withAsciiDigits(text: string): string {
  return text.replace(FOREIGN_DIGITS, (digit) => String(digitValue(digit.codePointAt(0)!)));
}

/** Unicode encodes the digits of a script as a run from zero to nine; a few such runs adjoin. */
function digitValue(codePoint: number): number {
  let start = codePoint;
  while (DIGIT.test(String.fromCodePoint(start - 1))) start--;
  return (codePoint - start) % 10;
}

/** A code as it was sent: `123 456`, `123-456` and `１２３４５６` are `123456`. */
export function cleanCode(text: string): string {
  return withAsciiDigits(text.replace(PUNCTUATION_OF_CODES, ''));
}

/** The length in Unicode code points. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/**
 * A header that is kept for people to read. Node hands header bytes out as Latin-1; they are read as UTF-8 where they
 * are valid UTF-8, and stay Latin-1 where not.
 */
export function readableHeader(value: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}
