import { headline } from '../api/durations';
import type { ExplainParams } from '../api/queries';
import type { DoraReport } from '../api/types';
import type { MessageId } from '../i18n/i18n';
import { textFor, type Translate } from '../i18n/useT';
import { formatDate, formatDuration, formatLastDay, formatNumber, formatPercent, noValue } from '../ui/format';
import type { ExplainMetric, ExplainScope } from './types';

/** One line of a list: a text and how often. */
export interface Counted {
  code: string;
  label: string;
  count: number;
}

/** Everything a reader needs to judge a figure, as text. */
export interface Explanation {
  definition: string;
  formula: string;
  counted: string;
  facts: { label: string; value: string }[];
  exclusions: Counted[];
  anomalies: Counted[];
  /** Only for figures that rest on shipped changes. */
  methods: Counted[] | null;
  /** The words of the link to the rows. */
  rows: string;
}

type Fact = { label: string; value: string };

interface Words {
  t: Translate;
  locale: string;
  timeZone: string;
}

/** The words of a reason or of a contradiction; a code without words speaks for itself. */
export function codeText(code: string, t: Translate): string {
  const known = textFor(`explain.code.${code}`, t);
  return known ? t(known) : code.replaceAll('_', ' ');
}

/** The question behind a figure; there is none where no rule makes it. */
export function explainParams(metric: ExplainMetric, report: DoraReport, scope: ExplainScope): ExplainParams | null {
  if (metric === 'incidents') return null;
  return { ...scope, metric, from: report.window.from, to: report.window.to };
}

function interval(low: number | null, high: number | null, format: (v: number) => string, t: Translate): Fact {
  const known = low !== null && high !== null;
  const value = known ? t('explain.range', { low: format(low), high: format(high) }) : t('explain.no_interval');
  return { label: t('explain.interval'), value };
}

type Builder = (report: DoraReport, words: Words) => Fact[];

const builders: Record<ExplainMetric, Builder> = {
  change_lead_time: (report, { t, locale }) => {
    const m = report.change_lead_time;
    const show = (v: number) => formatDuration(v, locale);
    const commits = { value: formatDuration(m.per_commit.median_seconds, locale), n: m.per_commit.n };
    return [
      { label: t('explain.value'), value: formatDuration(headline(m), locale) },
      interval(m.low_seconds, m.high_seconds, show, t),
      { label: t('explain.n'), value: formatNumber(m.n, locale) },
      {
        label: t('explain.change_lead_time.coverage'),
        value: m.coverage === null ? t('explain.unknown') : formatPercent(m.coverage, locale),
      },
      { label: t('explain.fact.p75'), value: formatDuration(m.p75_seconds, locale) },
      { label: t('explain.fact.p90'), value: formatDuration(m.p90_seconds, locale) },
      { label: t('explain.fact.per_commit'), value: t('explain.fact.per_commit_value', commits) },
    ];
  },
  deployment_frequency: (report, { t, locale }) => {
    const m = report.deployment_frequency;
    const perDay = (v: number) => t('explain.fact.per_day', { value: formatNumber(v, locale, 2) });
    return [
      { label: t('explain.value'), value: m.per_day === null ? noValue : perDay(m.per_day) },
      interval(m.low, m.high, perDay, t),
      { label: t('explain.n'), value: formatNumber(m.deployments, locale) },
      { label: t('explain.fact.deployment_days'), value: formatNumber(m.deployment_days, locale) },
      { label: t('explain.fact.rollbacks'), value: formatNumber(m.rollbacks, locale) },
      { label: t('explain.fact.redeployments'), value: formatNumber(m.redeployments, locale) },
    ];
  },
  change_fail_rate: (report, { t, locale }) => {
    const m = report.change_fail_rate;
    const show = (v: number) => formatPercent(v, locale);
    return [
      { label: t('explain.value'), value: formatPercent(m.value, locale) },
      interval(m.low, m.high, show, t),
      { label: t('explain.n'), value: formatNumber(m.n, locale) },
      { label: t('explain.fact.failed'), value: formatNumber(m.failed, locale) },
      { label: t('explain.fact.inferred'), value: formatNumber(m.inferred, locale) },
      { label: t('explain.fact.immature'), value: formatNumber(m.immature, locale) },
      { label: t('explain.fact.failed_attempts'), value: formatNumber(m.failed_attempts, locale) },
      {
        label: t('explain.change_fail_rate.coverage'),
        value: m.coverage === null ? t('explain.unknown') : formatPercent(m.coverage, locale),
      },
    ];
  },
  failed_deployment_recovery_time: (report, { t, locale }) => {
    const m = report.failed_deployment_recovery_time;
    const show = (v: number) => formatDuration(v, locale);
    const whole = { value: formatDuration(m.from_deployment.median_seconds, locale), n: m.from_deployment.n };
    return [
      { label: t('explain.value'), value: formatDuration(headline(m), locale) },
      interval(m.low_seconds, m.high_seconds, show, t),
      { label: t('explain.n'), value: formatNumber(m.n, locale) },
      { label: t('explain.fact.p75'), value: formatDuration(m.p75_seconds, locale) },
      { label: t('explain.fact.p90'), value: formatDuration(m.p90_seconds, locale) },
      { label: t('explain.fact.unresolved'), value: formatNumber(m.unresolved, locale) },
      { label: t('explain.fact.from_deployment'), value: t('explain.fact.per_commit_value', whole) },
    ];
  },
  deployment_rework_rate: (report, { t, locale }) => {
    const m = report.deployment_rework_rate;
    return [
      { label: t('explain.value'), value: formatPercent(m.value, locale) },
      interval(m.low, m.high, (v) => formatPercent(v, locale), t),
      { label: t('explain.n'), value: formatNumber(m.n, locale) },
      { label: t('explain.fact.rework'), value: formatNumber(m.rework, locale) },
    ];
  },
  incidents: (report, { t, locale }) => [
    { label: t('explain.n'), value: formatNumber(report.incidents.opened, locale) },
    { label: t('explain.fact.attributed'), value: formatNumber(report.incidents.attributed, locale) },
    { label: t('explain.fact.unattributed'), value: formatNumber(report.unattributed_incidents, locale) },
  ],
};

/** The unit of each figure in files and in the API. */
const units: Record<ExplainMetric, MessageId> = {
  change_lead_time: 'explain.unit.seconds',
  deployment_frequency: 'explain.unit.per_day',
  change_fail_rate: 'explain.unit.share',
  failed_deployment_recovery_time: 'explain.unit.seconds',
  deployment_rework_rate: 'explain.unit.share',
  incidents: 'explain.unit.count',
};

function frame(metric: ExplainMetric, report: DoraReport, { t, locale, timeZone }: Words): Fact[] {
  const { from, to } = report.window;
  const window = {
    from: formatDate(from, locale, timeZone),
    to: formatLastDay(to, locale, timeZone),
    zone: timeZone,
  };
  return [
    { label: t('explain.statistic'), value: t(units[metric]) },
    { label: t('explain.window'), value: t('explain.window_value', window) },
    { label: t('explain.policy'), value: report.policy.version },
  ];
}

/** How many rows stand behind a figure. */
export function rowCount(metric: ExplainMetric, report: DoraReport): number {
  switch (metric) {
    case 'deployment_frequency':
      return report.deployment_frequency.deployments;
    case 'incidents':
      return report.incidents.opened;
    default:
      return report[metric].n;
  }
}

function methods(report: DoraReport, t: Translate): Counted[] {
  return (['ancestry', 'artifact', 'pick', 'rewrite', 'patch', 'branch', 'time', 'none'] as const)
    .map((method) => ({ code: method, label: t(`explain.method.${method}`), count: report.methods[method] ?? 0 }))
    .filter((method) => method.count > 0);
}

/** Puts a figure into words: what it means, how it is made, what it rests on. */
export function explain(metric: ExplainMetric, report: DoraReport, words: Words): Explanation {
  const { t } = words;
  const excluded = report.exclusions.filter((e) => e.metric === metric);
  return {
    definition: t(`explain.${metric}.definition`),
    formula: t(`explain.${metric}.formula`),
    counted: t(`explain.${metric}.counted`),
    facts: [...builders[metric](report, words), ...frame(metric, report, words)],
    exclusions: excluded.map((e) => ({ code: e.reason, label: codeText(e.reason, t), count: e.count })),
    anomalies: report.anomalies.map((a) => ({ code: a.kind, label: codeText(a.kind, t), count: a.count })),
    methods: metric === 'change_lead_time' ? methods(report, t) : null,
    rows: t(`explain.${metric}.rows`, { n: rowCount(metric, report) }),
  };
}
