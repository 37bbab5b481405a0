import { headline } from '../../api/durations';
import type { ExplainParams } from '../../api/queries';
import type { DoraReport, ExplainRow, MetricName } from '../../api/types';
import { textFor, type Translate } from '../../i18n/useT';
import { formatDuration, formatNumber, formatPercent, noValue } from '../../ui/format';
import { dateText, type RawSearch } from '../../url/state';

/** The words of a step; one without words speaks for itself. */
export function stepText(step: string, t: Translate): string {
  const known = textFor(`explain.step.${step}`, t);
  return known ? t(known) : step.replaceAll('_', ' ');
}

/** The words of a mark of a row; one without words speaks for itself. */
export function flagText(flag: string, t: Translate): string {
  const known = textFor(`explain.flag.${flag}`, t);
  return known ? t(known) : flag.replaceAll('_', ' ');
}

/** The value of a figure as a report holds it. */
export function shownValue(metric: MetricName, report: DoraReport): number | null {
  switch (metric) {
    case 'change_lead_time':
    case 'failed_deployment_recovery_time':
      return headline(report[metric]);
    case 'deployment_frequency':
      return report.deployment_frequency.per_day;
    default:
      return report[metric].value;
  }
}

/** Equal but for rounding. */
export function isNearly(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b));
}

/** A figure's value in its own unit. */
export function valueText(metric: MetricName, value: number | null, t: Translate, locale: string): string {
  if (value === null) return noValue;
  if (metric === 'deployment_frequency') return t('explain.fact.per_day', { value: formatNumber(value, locale, 2) });
  const isTime = metric === 'change_lead_time' || metric === 'failed_deployment_recovery_time';
  return isTime ? formatDuration(value, locale) : formatPercent(value, locale);
}

/** What one fact adds to a figure: a duration, or a mark where only some facts carry it. */
export function rowValue(metric: MetricName, { value }: ExplainRow, t: Translate, locale: string): string {
  if (value === null) return '';
  if (metric === 'change_fail_rate') return value > 0 ? t('explain.flag.failed') : '';
  if (metric === 'deployment_rework_rate') return value > 0 ? t('explain.flag.rework') : '';
  return metric === 'deployment_frequency' ? '' : formatDuration(value, locale);
}

/** The kind of fact that a figure is made of. */
function kindOf(metric: MetricName): 'change' | 'deployment' | 'incident' {
  if (metric === 'change_lead_time') return 'change';
  return metric === 'failed_deployment_recovery_time' ? 'incident' : 'deployment';
}

/** The address of the list of all facts of the kind, whose days cover the figure's period. */
export function eventsSearch({ metric, application, group, from, to }: ExplainParams): RawSearch {
  const last = to ? Date.parse(to) - 1 : Number.NaN;
  const search: Record<string, string> = { kind: kindOf(metric) };
  if (application) search.app = application;
  if (group) search.group = group;
  if (from && !Number.isNaN(last)) search.range = `${dateText(Date.parse(from))}..${dateText(last)}`;
  return search;
}
