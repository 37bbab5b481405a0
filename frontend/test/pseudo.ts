import { en } from '../src/i18n/en';
import type { Catalogue } from '../src/i18n/i18n';

/**
 * The English texts with every letter outside of placeholders accented and the
 * whole made longer: what shows up without accents is not translated.
 */
export function pseudoCatalogue(): Catalogue {
  return Object.fromEntries(Object.entries(en).map(([id, text]) => [id, pseudo(text)])) as Catalogue;
}

const accents: Readonly<Record<string, string>> = { a: 'á', e: 'ë', i: 'î', o: 'ö', u: 'ü', A: 'Á', E: 'Ë', I: 'Î', O: 'Ö', U: 'Ü' };

/** Marks a text; what stands in braces stays as it is. */
function pseudo(text: string): string {
  let depth = 0;
  let out = '';
  for (const letter of text) {
    if (letter === '{') depth += 1;
    out += depth === 0 ? (accents[letter] ?? letter) : letter;
    if (letter === '}') depth -= 1;
  }
  return `⟦${out}⟧`;
}
