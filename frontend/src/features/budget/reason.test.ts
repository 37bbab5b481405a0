import { describe, expect, it } from 'vitest';
import openapi from '../../../openapi.json';
import { de as german } from '../../i18n/de';
import { en as english } from '../../i18n/en';
import { createI18n } from '../../i18n/i18n';
import { translator } from '../../i18n/useT';
import { reasonText, whyText, type Reason } from './reason';

const en = translator(createI18n('en', english));
const de = translator(createI18n('de', german));
/** Every code of a reason that any answer of the API can have. */
const codes = [...new Set(Object.values(openapi.components.schemas).flatMap((schema) => reasonCodesOf(schema as Schema)))];

interface Schema {
  readonly properties?: Readonly<Record<string, { readonly enum?: readonly string[] }>>;
}

/** Codes of a status' reason, and of why there is no value. */
function reasonCodesOf({ properties = {} }: Schema): readonly string[] {
  const code = properties.reason_code ?? ('text' in properties && 'values' in properties && !('fix' in properties) ? properties.code : undefined);
  return code?.enum ?? [];
}


function reason(code: string, values: Record<string, string> = {}): Reason {
  return { reason: 'as the server says it', reason_code: code as Reason['reason_code'], reason_asking: '', reason_values: values, window: { zone: 'Europe/Berlin' } };
}

const plain = (text: string) => text.replaceAll('\u202f', ' ');

describe('reasons', () => {
  it.each(codes)('%s is told in both languages', (code) => {
    expect(en.has(`budget.reason.${code}`)).toBe(true);
    expect(de.has(`budget.reason.${code}`)).toBe(true);
  });

  it('writes numbers and instants as people read them, in the zone of the window', () => {
    const fires = reason('fires_blind_since', { severity: 'page', row: '1h/5m', since: '2026-11-22T10:00:00Z', blind: '2026-11-22T11:00:00Z' });
    expect(reasonText(fires, en, 'en')).toBe('page alert 1h/5m: firing since 22 Nov 2026, 11:00, without data since 22 Nov 2026, 12:00');
    expect(reasonText(fires, de, 'de')).toBe('Rufalarm 1h/5m: ausgelöst seit 22. Nov. 2026, 11:00, ohne Daten seit 22. Nov. 2026, 12:00');
    expect(plain(reasonText(reason('spent', { share: '1.18' }), de, 'de'))).toBe('118 % des Budgets sind verbraucht');
    expect(plain(reasonText(reason('too_few', { allowed: '4.2', total: '4200' }), en, 'en'))).toBe('The budget is 4.2 of 4 200: too few to tell luck from trouble');
    expect(reasonText(reason('unusable', { count: '1' }), de, 'de')).toBe('1 Zeitscheibe war unbrauchbar: eine Zahl war negativ oder keine Zahl');
    expect(reasonText(reason('exhausts', { at: '2026-11-24T23:30:00Z', burn: '2.04' }), en, 'en')).toBe('Nothing remains on 25 Nov 2026, 00:30 if it burns on at 2×');
  });

  it('goes on with what asking has to do with it', () => {
    const stopped = { ...reason('stopped', { connection: 'prom', failing: '2026-11-22T10:00:00Z', error: 'Prometheus is down' }), reason_asking: 'failing_since' as const };
    expect(reasonText(stopped, de, 'de')).toBe('In letzter Zeit wurde nichts gemessen; Fragen an prom scheitern seit 22. Nov. 2026, 11:00: Prometheus is down');
    expect(reasonText({ ...stopped, reason_asking: 'of_next_year' as 'empty' }, de, 'de')).toBe('as the server says it');
  });

  it.each(openapi.components.schemas.LevelRow.properties.reason_asking.enum.filter(Boolean))('asking: %s is told in both languages', (code) => {
    expect(en.has(`budget.asking.${code}`) && de.has(`budget.asking.${code}`)).toBe(true);
  });

  it('tells why there is no value in the same words', () => {
    expect(whyText({ text: 'as the server says it', code: 'members_uncounted', values: { names: 'capture' } }, 'UTC', de, 'de')).toBe('Von capture wurde in letzter Zeit nichts gezählt');
  });

  it('leaves a reason that it does not know to the server', () => {
    expect(reasonText(reason('of_next_year'), de, 'de')).toBe('as the server says it');
  });
});
