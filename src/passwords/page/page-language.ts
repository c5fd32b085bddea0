export const PAGE_LANGUAGES = ['en', 'es', 'fr', 'de', 'pt'] as const;
export type PageLanguage = (typeof PAGE_LANGUAGES)[number];

/** The reader's favourite among the page's languages, by `Accept-Language` (RFC 9110, 12.5.4): `de-CH` gets `de`. */
export function pageLanguage(acceptLanguage: string | undefined): PageLanguage {
  const wishes = (acceptLanguage ?? '').split(',').map((wish) => {
    const [range = '', ...parameters] = wish
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    return { language: range.split('-')[0], quality: Number(quality) };
  });
  wishes.sort((a, b) => b.quality - a.quality);
  for (const { language, quality } of wishes) {
    const known = PAGE_LANGUAGES.find((candidate) => candidate === language);
    if (known && quality > 0) return known;
  }
  return 'en';
}
