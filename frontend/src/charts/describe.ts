import type { Translate } from '../i18n/useT';
import { ends, spanText } from './format';
import type { Span } from './types';

/** What a description is computed from. */
export interface Described {
  label: string;
  spans: Span[];
  values: (number | null)[];
  timeZone: string;
  locale: string;
  format: (value: number) => string;
}

interface Known {
  value: number;
  span: Span;
}

function known(input: Described): Known[] {
  return input.values.flatMap((value, i) => {
    const span = input.spans[i];
    return value === null || !span ? [] : [{ value, span }];
  });
}

function extreme(list: Known[], better: (a: number, b: number) => boolean): Known {
  return list.reduce((best, k) => (better(k.value, best.value) ? k : best));
}

function trend(list: Known[], input: Described, t: Translate): string {
  const when = (k: Known) => spanText(k.span, input.timeZone, input.locale);
  const lowest = extreme(list, (a, b) => a < b);
  const highest = extreme(list, (a, b) => a > b);
  return t('chart.describe.trend', {
    label: input.label,
    periods: input.spans.length,
    ...ends(input.spans, input.timeZone, input.locale),
    first: input.format(list[0]!.value),
    latest: input.format(list.at(-1)!.value),
    lowest: input.format(lowest.value),
    lowest_when: when(lowest),
    highest: input.format(highest.value),
    highest_when: when(highest),
  });
}

/** A text that says in words what the picture shows, computed from the data. */
export function describe(input: Described, t: Translate): string {
  const list = known(input);
  if (list.length === 0) {
    return input.spans.length === 0 ? t('chart.no_data') : t('chart.describe.empty', ends(input.spans, input.timeZone, input.locale));
  }
  const gaps = input.spans.length - list.length;
  const only = list[0]!;
  const sentences = [
    list.length === 1
      ? t('chart.describe.one', {
          label: input.label,
          value: input.format(only.value),
          when: spanText(only.span, input.timeZone, input.locale),
        })
      : trend(list, input, t),
  ];
  if (gaps > 0) sentences.push(t('chart.describe.gaps', { count: gaps }));
  const open = input.spans.filter((s) => !s.complete).length;
  if (open > 0) sentences.push(t('chart.describe.open', { count: open }));
  return sentences.join(' ');
}
