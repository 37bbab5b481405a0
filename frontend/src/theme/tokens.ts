/**
 * Design tokens of both colour schemes. tokens.css carries the same values as
 * CSS custom properties; a test keeps the two equal. Good is blue, never
 * green: blue, amber and red stay apart under every common colour vision.
 */
export interface Tokens {
  /** Page, panel, and a second panel shade for headers and hovered rows. */
  readonly canvas: string;
  readonly surface: string;
  readonly raised: string;
  readonly border: string;
  /** Text at full, secondary and on-accent weight; all at least 4.5:1. */
  readonly text: string;
  readonly muted: string;
  readonly onAccent: string;
  /** Links, selected entries, primary buttons. */
  readonly accent: string;
  readonly accentSoft: string;
  /** Status marks (graphics, at least 3:1) and their text (4.5:1). */
  readonly good: string;
  readonly watch: string;
  readonly bad: string;
  readonly unknown: string;
  readonly goodText: string;
  readonly watchText: string;
  readonly badText: string;
  readonly goodSoft: string;
  readonly watchSoft: string;
  readonly badSoft: string;
  /** Chart furniture. */
  readonly grid: string;
  readonly axis: string;
  readonly bandA: string;
  readonly bandB: string;
  /** Categorical series, at most five. */
  readonly cat1: string;
  readonly cat2: string;
  readonly cat3: string;
  readonly cat4: string;
  readonly cat5: string;
}

export type Scheme = 'light' | 'dark';

export const tokens: Readonly<Record<Scheme, Tokens>> = {
  light: {
    canvas: '#f5f6f8',
    surface: '#ffffff',
    raised: '#f0f2f5',
    border: '#d9dde3',
    text: '#14171c',
    muted: '#535b66',
    onAccent: '#ffffff',
    accent: '#0a6ebd',
    accentSoft: '#dcebf8',
    good: '#0a6ebd',
    watch: '#b07900',
    bad: '#b3261e',
    unknown: '#6b7380',
    goodText: '#0a5fa5',
    watchText: '#855b00',
    badText: '#b3261e',
    goodSoft: '#e3effa',
    watchSoft: '#fbf1dc',
    badSoft: '#fbe9e7',
    grid: '#e4e7ec',
    axis: '#535b66',
    bandA: '#eef1f5',
    bandB: '#f6f8fa',
    cat1: '#0a6ebd',
    cat2: '#848601',
    cat3: '#465305',
    cat4: '#e86586',
    cat5: '#85135f',
  },
  dark: {
    canvas: '#0d0f13',
    surface: '#14171c',
    raised: '#1c2027',
    border: '#2e343d',
    text: '#e8ebf0',
    muted: '#a3acb9',
    onAccent: '#ffffff',
    accent: '#58a6f0',
    accentSoft: '#10283f',
    good: '#58a6f0',
    watch: '#f0b93a',
    bad: '#e5695f',
    unknown: '#8b95a3',
    goodText: '#7ab8f5',
    watchText: '#f0b93a',
    badText: '#f0867d',
    goodSoft: '#10283f',
    watchSoft: '#33270b',
    badSoft: '#3a1a17',
    grid: '#272c34',
    axis: '#a3acb9',
    bandA: '#1d222a',
    bandB: '#181c22',
    cat1: '#4da3e8',
    cat2: '#a3e4a7',
    cat3: '#77945b',
    cat4: '#bf688e',
    cat5: '#c8b421',
  },
};

/** The custom property that carries a token: accentSoft is --ek-accent-soft. */
export function cssName(token: keyof Tokens): string {
  return `--ek-${token.replace(/[A-Z]/g, (upper) => `-${upper.toLowerCase()}`).replace(/(\d)/, '-$1')}`;
}

/** The value of a token for use in style attributes and SVG. */
export function cssVar(token: keyof Tokens): string {
  return `var(${cssName(token)})`;
}
