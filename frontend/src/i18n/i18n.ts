import { setupI18n, type I18n, type Messages } from '@lingui/core';
import type { MessageId } from './en';

export type { MessageId };

/** A complete set of texts of one language. */
export type Catalogue = Readonly<Record<MessageId, string>>;

export const locales = ['en', 'de'] as const;
export type Locale = (typeof locales)[number];

const loaders: Readonly<Record<Locale, () => Promise<Catalogue>>> = {
  en: () => import('./en').then((module) => module.en),
  de: () => import('./de').then((module) => module.de),
};

/** One instance per application. Texts are compiled by the build, in development when they are used. */
export function createI18n(locale: string, catalogue: Partial<Catalogue>): I18n {
  const i18n = setupI18n();
  i18n.load(locale, catalogue as unknown as Messages);
  i18n.activate(locale);
  return i18n;
}

/** Loads the texts of a language and makes it the current one. */
export async function activate(i18n: I18n, locale: Locale): Promise<void> {
  i18n.load(locale, (await loaders[locale]()) as unknown as Messages);
  i18n.activate(locale);
}

/** The English texts of one page, imported when the page is. */
export type TextPart = () => Promise<{ readonly en: Partial<Catalogue> }>;

/** Adds the texts of a page before it is shown. Other languages are loaded whole. */
export async function addTexts(i18n: I18n, part: TextPart): Promise<void> {
  if (i18n.locale !== 'en') return;
  const { en } = await part();
  const known = i18n.messages;
  if (Object.keys(en).some((id) => !Object.hasOwn(known, id))) i18n.load('en', en as unknown as Messages);
}

export function isLocale(value: unknown): value is Locale {
  return typeof value === 'string' && (locales as readonly string[]).includes(value);
}
