import { describe, expect, it } from 'vitest';
import openapi from '../../../openapi.json';
import type { Lint } from '../../api/slos';
import { de as german } from '../../i18n/de';
import { en as english } from '../../i18n/en';
import { createI18n } from '../../i18n/i18n';
import { translator } from '../../i18n/useT';
import { lintText } from './lint';

const en = translator(createI18n('en', english));
const de = translator(createI18n('de', german));
const codes = openapi.components.schemas.LevelRemark.properties.code.enum.filter(Boolean);

function lint(code: string, values: Record<string, string> = {}): Lint {
  return { line: 3, field: 'spec', severity: 'warning', text: 'as the server says it', fix: 'its fix', code: code as Lint['code'], values };
}

describe('remarks on documents', () => {
  it.each(codes)('%s is told in both languages', (code) => {
    expect(en.has(`slo.lint.${code}`)).toBe(true);
    expect(de.has(`slo.lint.${code}`)).toBe(true);
  });

  it('fills in what the server gives', () => {
    expect(lintText(lint('minutes', { span: '1m', meant: '1M' }), de)).toEqual({ text: '1m steht für Minuten: Groß- und Kleinschreibung zählt', fix: 'Ein Monat ist 1M.', foreign: false });
    expect(lintText(lint('capped', { target: '90', most: '10', severity: 'page', row: '1h/5m', stated: '14.4', factor: '9' }), de).text).toBe(
      'Bei einem Ziel von 90 % verbraucht nichts schneller als 10; Rufalarm 1h/5m mit dem Faktor 14.4 würde nie ausgelöst und wird es stattdessen über 9',
    );
  });

  it.each(['', 'of_next_year'])('leaves the code "%s" to the server', (code) => {
    expect(lintText(lint(code), de)).toEqual({ text: 'as the server says it', fix: 'its fix', foreign: true });
  });
});
