import { de } from './de.js';
import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';
import { pt } from './pt.js';
import type { Translation } from './translation.js';

const TRANSLATIONS = { en, es, fr, de, pt } satisfies Record<string, Translation>;

export type Language = keyof typeof TRANSLATIONS;
export const LANGUAGES = Object.keys(TRANSLATIONS) as Language[];
const FALLBACK: Language = 'en';

/** The best match for a BCP 47 tag (RFC 4647, lookup): `de-CH-1996`, `de-CH`, `de`, then English. */
export function languageFor(tag: string): Language {
  const subtags = tag.toLowerCase().split('-');
  for (let count = subtags.length; count > 0; count--) {
    const candidate = subtags.slice(0, count).join('-');
    const language = LANGUAGES.find((known) => known === candidate);
    if (language !== undefined) return language;
  }
  return FALLBACK;
}

export function translationIn(language: Language): Translation {
  return TRANSLATIONS[language];
}
