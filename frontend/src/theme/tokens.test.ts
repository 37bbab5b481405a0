import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cssName, tokens, type Scheme, type Tokens } from './tokens';

const css = readFileSync('src/theme/tokens.css', 'utf8');

function channel(value: number): number {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => channel(Number.parseInt(colour.slice(at, at + 2), 16)));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const schemes = ['light', 'dark'] as const;

/** The declarations of one block of the style sheet. */
function block(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`);
  const text = css.slice(start, css.indexOf('}', start));
  return new Map([...text.matchAll(/(--ek-[\w-]+): (#\w+);/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

describe.each(schemes)('the %s tokens', (scheme: Scheme) => {
  const set: Tokens = tokens[scheme];

  it('are the custom properties of the style sheet', () => {
    const found = block(scheme === 'light' ? ':root' : ":root[data-mantine-color-scheme='dark']");
    const wanted = (Object.keys(set) as (keyof Tokens)[]).map((name) => [cssName(name), set[name]]);
    expect([...found].toSorted()).toEqual(wanted.toSorted());
  });

  it.each(['text', 'muted', 'goodText', 'watchText', 'badText'] as const)('%s can be read on every ground', (name) => {
    for (const ground of [set.canvas, set.surface, set.raised]) expect(contrast(set[name], ground)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['good', 'watch', 'bad', 'unknown', 'accent', 'cat1', 'cat2', 'cat3', 'cat4', 'cat5'] as const)(
    '%s stands out as a graphic',
    (name) => {
      expect(contrast(set[name], set.surface)).toBeGreaterThanOrEqual(3);
    },
  );

  it.each([
    ['goodText', 'accentSoft'],
    ['watchText', 'watchSoft'],
    ['badText', 'badSoft'],
    ['text', 'watchSoft'],
  ] as const)('%s can be read on %s', (text, ground) => {
    expect(contrast(set[text], set[ground])).toBeGreaterThanOrEqual(4.5);
  });
});

it('paper has the light tokens', () => {
  const print = css.slice(css.indexOf('@media print'));
  for (const [name, value] of block(':root')) expect(print).toContain(`${name}: ${value};`);
});
