import { INVALID, tooLong } from './messages.js';
import { Rule, optionalText } from './rule.js';

const MAX_LENGTH = 64;

/** RFC 5646, 2.1, without the irregular grandfathered tags, which no software supports. */
const LANGUAGE_TAG = new RegExp(
  [
    '^(?:',
    '(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})', // language, extended language
    '(?:-[a-z]{4})?', // script
    '(?:-(?:[a-z]{2}|\\d{3}))?', // region
    '(?:-(?:[a-z0-9]{5,8}|\\d[a-z0-9]{3}))*', // variants
    '(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*', // extensions
    '(?:-x(?:-[a-z0-9]{1,8})+)?', // private use
    '|x(?:-[a-z0-9]{1,8})+',
    ')$',
  ].join(''),
  'i',
);

/** RFC 5646, 2.1.1: lower case except for a script (`Latn`) and a region (`US`) before any singleton. */
function canonicalCase(tag: string): string {
  let afterSingleton = false;
  return tag
    .toLowerCase()
    .split('-')
    .map((subtag, index) => {
      if (index === 0 || afterSingleton) {
        afterSingleton ||= subtag.length === 1;
        return subtag;
      }
      afterSingleton = subtag.length === 1;
      if (subtag.length === 2) return subtag.toUpperCase();
      if (/^[a-z]{4}$/.test(subtag)) return subtag.charAt(0).toUpperCase() + subtag.slice(1);
      return subtag;
    })
    .join('-');
}

/** An optional BCP 47 tag in canonical case. Null and an empty text mean the default. */
export function IsLanguageTag({ default: defaultTag }: { readonly default: string }): PropertyDecorator {
  return Rule({
    name: 'languageTag',
    read: (value) => {
      const tag = optionalText(value) ?? defaultTag;
      return typeof tag === 'string' && LANGUAGE_TAG.test(tag) ? canonicalCase(tag) : tag;
    },
    check: (value) => {
      if (value === undefined) return undefined;
      if (typeof value !== 'string') return INVALID;
      if (value.length > MAX_LENGTH) return tooLong(MAX_LENGTH);
      return LANGUAGE_TAG.test(value) ? undefined : INVALID;
    },
    schema: { type: 'string', maxLength: MAX_LENGTH, nullable: true },
  });
}
