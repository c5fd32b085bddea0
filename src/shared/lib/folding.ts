import { trimEnds, withAsciiDigits, withoutFormatCharacters } from './text.js';

/** Letters that Unicode does not decompose into a base and a mark. Keys are lower case. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  ǽ: 'ae',
  œ: 'oe',
  ø: 'o',
  ǿ: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ȷ: 'j',
  þ: 'th',
  ŧ: 't',
  ŋ: 'n',
  ĸ: 'k',
  ſ: 's',
  ŉ: 'n',
  ə: 'e',
  ǝ: 'e',
  ƀ: 'b',
  ɓ: 'b',
  ƈ: 'c',
  ȼ: 'c',
  ɖ: 'd',
  ɗ: 'd',
  ɇ: 'e',
  ɛ: 'e',
  ƒ: 'f',
  ǥ: 'g',
  ɠ: 'g',
  ɣ: 'g',
  ɨ: 'i',
  ɉ: 'j',
  ƙ: 'k',
  ƚ: 'l',
  ɫ: 'l',
  ɲ: 'n',
  ƞ: 'n',
  ɔ: 'o',
  ɵ: 'o',
  ƥ: 'p',
  ɋ: 'q',
  ɍ: 'r',
  ȿ: 's',
  ƭ: 't',
  ʈ: 't',
  ⱦ: 't',
  ʉ: 'u',
  ʋ: 'v',
  ⱱ: 'v',
  ƴ: 'y',
  ɏ: 'y',
  ƶ: 'z',
  ȥ: 'z',
  ɀ: 'z',
};
const UNDECOMPOSED = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');

/** Apostrophes of every kind, primes and the letters that stand for them: `O'Neil`, `O’Neil` and `ONeil` are one name. */
const APOSTROPHES =
  /['\u2018-\u201b\u02b9-\u02bd\u02c8\u02ee\u00b4`\u2032\u2035\uff07\u055a\ua78b\ua78c\u05f3]/gu;
const DASHES = /[\p{Pd}\u2212\u00b7\u30fb]/gu;

/**
 * The form in which names are searched and sorted, the same on every database: lower case, without accents, letters
 * that do not decompose as their nearest plain ones, apostrophes left out, dashes as spaces.
 */
export function folded(text: string): string {
  const plain = withoutFormatCharacters(trimEnds(text))
    // Before the compatibility forms: a free-standing accent that stands for an apostrophe would become a space.
    .replace(APOSTROPHES, '')
    // Turkish: `toLowerCase` makes İ an i and a dot above, which is a mark.
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(UNDECOMPOSED, (letter) => LETTERS[letter]!)
    .replace(APOSTROPHES, '')
    .replace(DASHES, ' ')
    .normalize('NFC');
  return withAsciiDigits(plain).replace(/\s+/gu, ' ').trim();
}

/** The words of a text, folded. Commas and semicolons separate words as spaces do. */
export function foldedWords(text: string): string[] {
  return folded(text.replace(/[,;،、，；؛]/gu, ' '))
    .split(' ')
    .filter((word) => word !== '');
}
