import { isLocale, locales, type Locale } from '../i18n/i18n';

/** Choices of one reader in one browser; never part of an address. */
const keys = { locale: 'evenkeel-locale', shortcuts: 'evenkeel-shortcuts', rail: 'evenkeel-rail' } as const;

export const schemeKey = 'evenkeel-scheme';

type Key = keyof typeof keys;

/** Reads a stored choice; a browser without storage has none. */
export function readPreference(key: Key): string | null {
  try {
    return localStorage.getItem(keys[key]);
  } catch {
    return null;
  }
}

export function writePreference(key: Key, value: string): void {
  try {
    localStorage.setItem(keys[key], value);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

/** The stored language, else the first language of the browser that exists here. */
export function preferredLocale(languages: readonly string[]): Locale {
  const stored = readPreference('locale');
  if (isLocale(stored)) return stored;
  const wanted = languages.map((language) => language.slice(0, 2).toLowerCase());
  return wanted.find(isLocale) ?? locales[0];
}
