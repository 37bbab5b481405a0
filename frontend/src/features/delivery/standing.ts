import type { Benchmark, BenchmarkBand, EvidenceMark, MetricName, Standing } from '../../api/types';
import type { Translate } from '../../i18n/useT';
import { formatNumber } from '../../ui/format';

/** A share in whole percent, rounded away from the range it bounds, so that nothing finer is claimed. */
function percent(share: number, round: (value: number) => number, locale: string): string {
  return `${formatNumber(round(Number((share * 100).toFixed(6))), locale)}\u202f%`;
}

/** "Between the top 22 % and 45 % of answers"; null where the range says nothing. */
export function standingText(standing: Standing | null | undefined, t: Translate, locale: string): string | null {
  if (!standing) return null;
  const above = percent(standing.above, Math.floor, locale);
  const within = percent(standing.within, Math.ceil, locale);
  const last = standing.within > 0.999;
  if (standing.above === 0) return last ? null : t('standing.top', { within });
  return last ? t('standing.below', { above }) : t('standing.between', { above, within });
}

/** Whose answers they are and how well they are known. */
export function standingSource(standing: Standing, t: Translate, locale: string): string {
  return t('standing.source', {
    name: standing.name,
    n: formatNumber(standing.respondents, locale),
    evidence: t(`evidence.${standing.evidence}`),
  });
}

const marks: readonly EvidenceMark[] = ['published', 'quoted', 'single', 'unverified'];

/** How well the cells of a benchmark are known: "as published: elite; as others quote it: high, medium, low". */
export function evidenceText(bands: readonly BenchmarkBand[], name: (band: string) => string, t: Translate): string {
  const found = marks.flatMap((evidence) => {
    const names = bands.filter((band) => band.evidence === evidence).map((band) => name(band.name));
    return names.length > 0 ? [{ text: t(`evidence.${evidence}`), names }] : [];
  });
  const only = found.length === 1 ? found[0] : undefined;
  return only ? only.text : found.map(({ text, names }) => t('evidence.of', { evidence: text, names: names.join(', ') })).join('; ');
}

/** The bands of one figure; none for a set of answers. */
export function bandsOf(benchmark: Benchmark | null, metric: MetricName): readonly BenchmarkBand[] {
  return benchmark?.bands[metric] ?? [];
}
