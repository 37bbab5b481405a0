import type { I18n } from '@lingui/core';
import { useLingui } from '@lingui/react';
import { useMemo } from 'react';
import type { MessageId } from './i18n';

/** Values of the placeholders of a message. */
export type Values = Readonly<Record<string, string | number>>;

/** Gives the text of a message in the current language. */
export interface Translate {
  (id: MessageId, values?: Values): string;
  /** Whether there is a text for an id made at run time; asking for a text that is missing is a complaint on the console. */
  has(id: string): boolean;
}

/** translator binds a translate function to an i18n instance. */
export function translator(i18n: I18n): Translate {
  return Object.assign((id: MessageId, values?: Values) => i18n._(id, values), { has: (id: string) => i18n.messages[id] !== undefined });
}

/** An id made at run time, if there is a text for it. */
export function textFor(id: string, t: Translate): MessageId | null {
  return t.has(id) ? (id as MessageId) : null;
}

/** The translate function and the current locale, for components. */
export function useT(): { readonly t: Translate; readonly locale: string } {
  const { i18n } = useLingui();
  const locale = i18n.locale;
  // The instance stays the same object when the language changes; t must not.
  return useMemo(() => ({ t: translator(i18n), locale }), [i18n, locale]);
}
