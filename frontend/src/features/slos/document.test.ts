import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldOf, firstDocument, nameOf, percentOf, read, shareOf, write } from './document';
import { hundredths, readTarget, shareText } from './targets';

const first = firstDocument('checkout');

describe('the form of a document', () => {
  it('reads what the document says', () => {
    const fields = ['displayName', 'name', 'service', 'series', 'method', 'target', 'duration'] as const;
    expect(fields.map((field) => read(first, field))).toEqual(['Availability', 'checkout-availability', 'checkout', 'availability', 'Occurrences', '0.999', '30d']);
  });

  it('writes one line and leaves the others', () => {
    const changed = write(first, 'target', '0.9995');
    expect(read(changed, 'target')).toBe('0.9995');
    expect(changed.replace('0.9995', '0.999')).toBe(first);
  });

  it.each([' #', '#1', 'a # b', '"', "it's", 'x" # "', '\\', ''])('reads back the title %s', (title) => {
    expect(read(write(first, 'displayName', title), 'displayName')).toBe(title);
  });

  it('reads back whatever title somebody types', () => {
    fc.assert(fc.property(fc.string().filter((text) => !/[\n\r\u2028\u2029]/.test(text)), (title) => read(write(first, 'displayName', title), 'displayName') === title), { numRuns: 1000 });
  });

  it('has no say where the document has several values, or none', () => {
    const two = `${first}    - target: 0.99\n      displayName: low\n`;
    expect(read(two, 'target')).toBeNull();
    expect(write(two, 'target', '0.5')).toBe(two);
    expect(read('kind: SLO\n', 'service')).toBeNull();
  });

  it('takes comments and quotes for what they are', () => {
    expect(read('spec:\n  service: "check out" # ours\n', 'service')).toBe('check out');
    expect(read("spec:\n  service: 'it''s'\n", 'service')).toBe("it's");
  });

  it('gives methods that count slices what they need, and takes it away again', () => {
    const slices = write(first, 'method', 'Timeslices');
    expect(slices).toContain('    - target: 0.999\n      timeSliceTarget: 0.95\n      timeSliceWindow: 5m\n');
    expect(write(slices, 'method', 'RatioTimeslices')).not.toContain('timeSliceTarget');
    expect(write(slices, 'method', 'Occurrences')).toBe(first);
  });

  it('turns percent into shares and back without a rest', () => {
    expect([shareOf('99.95'), shareOf('99,999'), percentOf('0.9995'), percentOf('0.57')]).toEqual(['0.9995', '0.99999', '99.95', '57']);
    expect([shareOf('ninety'), percentOf('x')]).toEqual(['ninety', 'x']);
    fc.assert(fc.property(fc.integer({ min: 1, max: 999_999 }), (n) => percentOf(shareOf(String(n / 10_000))) === String(n / 10_000)));
  });

  it('makes names of titles, and finds the field of a lint', () => {
    expect(nameOf('Checkout: Verfügbarkeit 99,9 %')).toBe('checkout-verfugbarkeit-99-9');
    expect([fieldOf('spec.objectives[0].target'), fieldOf('spec.timeWindow[0].duration'), fieldOf('spec.service'), fieldOf('spec.other')]).toEqual(['target', 'duration', 'service', null]);
  });
});

describe('targets to try', () => {
  it('are exact hundredths of a percent', () => {
    expect([hundredths(0.9995), shareText(9995), shareText(9990), shareText(9900)]).toEqual([9995, '0.9995', '0.999', '0.99']);
    fc.assert(fc.property(fc.integer({ min: 1, max: 9999 }), (n) => hundredths(Number(shareText(n))) === n));
  });

  it.each([['99.95', 9995], ['99,9', 9990], [' 99 % ', 9900], ['100', null], ['99.999', null], ['', null]])('%s', (text, value) => {
    expect(readTarget(text)).toBe(value);
  });
});
