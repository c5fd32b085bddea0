/** Rows of keys, unshifted and shifted, of the keyboards that most people have. */
const KEY_ROWS = [
  '`1234567890-=',
  '^1234567890ß´',
  '~!@#$%^&*()_+',
  '!"§$%&/()=?`',
  'qwertyuiop[]\\',
  'qwertzuiopü+',
  'azertyuiop^$',
  "asdfghjkl;'",
  'asdfghjklñ',
  'asdfghjklöä#',
  'qsdfghjklmù*',
  'zxcvbnm,./',
  'yxcvbnm,.-',
  'wxcvbn,;:!',
  'йцукенгшщзхъ',
  'фывапролджэ',
  'ячсмитьбю',
];
const RUNS = [...KEY_ROWS, ...KEY_ROWS.map((row) => [...row].toReversed().join(''))];
const MAX_BLOCK_LENGTH = 4;

/**
 * Whether the whole password is a pattern that guessers try first (contract, *Common passwords*): one character or a
 * block of up to four repeated to the end, a run of letters or digits up or down, a run along a row of keys.
 *
 * @param password in lower case
 */
export function isPattern(password: string): boolean {
  const characters = [...password];
  return isRepetition(characters) || isRun(characters) || RUNS.some((row) => row.includes(password));
}

function isRepetition(characters: string[]): boolean {
  for (let length = 1; length <= MAX_BLOCK_LENGTH && length < characters.length; length++) {
    if (characters.every((character, index) => character === characters[index % length])) return true;
  }
  return false;
}

/** `abcdefgh`, `87654321`; a run of digits goes on from 9 to 0. */
function isRun(characters: string[]): boolean {
  if (characters.every((character) => /^[0-9]$/.test(character)))
    return isStepwise(characters.map(Number), 10);
  if (!characters.every((character) => /^\p{L}$/u.test(character))) return false;
  return isStepwise(
    characters.map((character) => character.codePointAt(0)!),
    Number.POSITIVE_INFINITY,
  );
}

function isStepwise(values: number[], modulus: number): boolean {
  const step = (from: number, to: number): number =>
    modulus === Number.POSITIVE_INFINITY ? to - from : (to - from + modulus) % modulus;
  const steps = values.slice(1).map((value, index) => step(values[index]!, value));
  const down = modulus === Number.POSITIVE_INFINITY ? -1 : modulus - 1;
  return steps.every((taken) => taken === 1) || steps.every((taken) => taken === down);
}
