const MAX_LENGTH = 30;
const MAX_WORDS = 3;
/** Letters, marks, apostrophes and hyphens; or initials, each with its full stop. */
// oxlint-disable-next-line no-misleading-character-class -- the joiners stand for themselves
const WORD = /^(?:\p{L}[\p{L}\p{M}\u200c\u200d'’ʼ\-‐‑]*|(?:\p{L}\p{M}*\.)+)$/u;

/**
 * The first name that a message may greet by; null where what was typed does not look like a name. A stranger's text
 * ("You won, go to example.com") must not reach a phone under the product's name.
 */
export function greetingName(firstName: string): string | null {
  const words = firstName.split(' ').filter((word) => word !== '');
  const looksLikeName =
    words.length > 0 &&
    words.length <= MAX_WORDS &&
    [...firstName].length <= MAX_LENGTH &&
    words.every((word) => WORD.test(word));
  return looksLikeName ? firstName : null;
}
