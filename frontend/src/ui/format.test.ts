import { describe, expect, it } from 'vitest';
import {
  durationQuantity,
  formatChange,
  formatDate,
  formatDateTime,
  formatDuration,
  formatLastDay,
  formatNumber,
  formatPercent,
  frequencyQuantity,
} from './format';

/** Shows thin spaces as underscores. */
function seen(text: string): string {
  return text.replaceAll('\u202f', '_');
}

describe('durations', () => {
  it.each([
    [0.34, '340_ms'],
    [0, '0_s'],
    [1, '1_s'],
    [42, '42_s'],
    [9.4, '9.4_s'],
    [59.4, '59_s'],
    [2508, '42_min'],
    [720, '12_min'],
    [3600, '1_h'],
    [56_880, '15.8_h'],
    [172_799, '48_h'],
    [172_800, '2_d'],
    [198_720, '2.3_d'],
    [12_960_000, '150_d'],
    [-3600, '-1_h'],
  ])('of %d s are written %s', (seconds, text) => {
    expect(seen(formatDuration(seconds, 'en'))).toBe(text);
  });

  it('follow the language', () => {
    expect(durationQuantity(56_880, 'de')).toEqual({ value: '15,8', unit: 'h' });
  });

  it('without a value are a dash', () => {
    expect(formatDuration(null, 'en')).toBe('–');
  });
});

describe('numbers', () => {
  it('have thin spaces between thousands in every language', () => {
    expect(seen(formatNumber(1_234_567, 'en'))).toBe('1_234_567');
    expect(seen(formatNumber(1_234_567, 'de'))).toBe('1_234_567');
  });

  it.each([
    [0.0891, '8.9_%'],
    [0, '0_%'],
    [1, '100_%'],
    [0.9996, '100_%'],
    [null, '–'],
  ])('share %s is written %s', (share, text) => {
    expect(seen(formatPercent(share, 'en'))).toBe(text);
  });

  it.each([
    [-0.294, '29_%'],
    [0.004, '0.4_%'],
    [1.5, '150_%'],
  ])('change %d is written %s', (change, text) => {
    expect(seen(formatChange(change, 'en'))).toBe(text);
  });

  it.each([
    [9.4, { value: '9.4', per: 'day' }],
    [1, { value: '1', per: 'day' }],
    [0.5, { value: '3.5', per: 'week' }],
    [0.1, { value: '3', per: 'month' }],
    [0, { value: '0', per: 'day' }],
  ])('%d per day is written %j', (perDay, expected) => {
    expect(frequencyQuantity(perDay, 'en')).toEqual(expected);
  });
});

describe('instants', () => {
  it('are written in the given zone', () => {
    expect(formatDateTime('2026-11-22T23:30:00Z', 'en', 'Europe/Berlin')).toBe('23 Nov 2026, 00:30');
    expect(formatDate('2026-11-22T23:30:00Z', 'en')).toBe('22 Nov 2026');
    expect(formatDate(null, 'en')).toBe('–');
  });

  it('that end a window name the last day inside it', () => {
    expect(formatLastDay('2026-04-01T00:00:00Z', 'en')).toBe('31 Mar 2026');
    expect(formatLastDay('2026-04-01T10:00:00Z', 'en')).toBe('1 Apr 2026');
  });
});
