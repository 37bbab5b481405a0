import { compileMessage } from '@lingui/message-utils/compileMessage';
import { describe, expect, it } from 'vitest';
import { de } from './de';
import { en } from './en';
import { createI18n, isLocale, type MessageId } from './i18n';
import { translator } from './useT';

const ids = Object.keys(en) as MessageId[];

/** The names of the placeholders of a text, at any depth. */
function placeholders(text: string): string[] {
  const found = new Set<string>();
  const walk = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    const [name, , choices] = part as [unknown, unknown, unknown];
    if (typeof name === 'string') found.add(name);
    if (typeof choices === 'object' && choices !== null) Object.values(choices).forEach(walkAll);
  };
  const walkAll = (parts: unknown): void => {
    if (Array.isArray(parts)) parts.forEach(walk);
  };
  walkAll(compileMessage(text));
  return [...found].toSorted();
}

describe('the texts', () => {
  it('exist in German for every English id, and no others', () => {
    expect(Object.keys(de).toSorted()).toEqual(ids.toSorted());
  });

  it.each(ids)('%s has the same placeholders in both languages', (id) => {
    expect(placeholders(de[id])).toEqual(placeholders(en[id]));
    expect(de[id].trim()).not.toBe('');
  });

  it('count in words of the language', () => {
    const one = translator(createI18n('de', de))('table.count', { count: 1 });
    const many = translator(createI18n('de', de))('table.count', { count: 2 });
    expect([one, many]).toEqual(['1 Zeile', '2 Zeilen']);
  });

  it('know their languages', () => {
    expect([isLocale('de'), isLocale('fr'), isLocale(null)]).toEqual([true, false, false]);
  });
});
