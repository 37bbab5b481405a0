import type { ReactNode } from 'react';
import type { StackBucket, StackSeries } from '../../charts';
import type { FactsSummary } from '../../api/types';
import type { Translate } from '../../i18n/useT';
import { eventKinds, type EventKind } from '../../url/state';
import styles from './events.module.css';

/** One shape per kind, so that kinds are told apart without colour. */
const shapes: Readonly<Record<EventKind, ReactNode>> = {
  deployment: <path d="M8 2.5 14 13H2Z" />,
  change: <circle cx="8" cy="8" r="5.5" />,
  build: <path d="M8 1.8 14.2 8 8 14.2 1.8 8Z" />,
  incident: <path d="M3 3h10v10H3Z" />,
  flag_change: <path d="M4 14.5V2h8.5L10 5.2l2.5 3.2H5.4v6.1Z" />,
  artifact: <path d="M8 1.8 13.6 5v6.2L8 14.4 2.4 11.2V5Z" />,
  dependency: <path d="M6.4 2h3.2v4.4H14v3.2H9.6V14H6.4V9.6H2V6.4h4.4Z" />,
  work_item: <path d="M2 4h12v2.4H2ZM2 9.6h12V12H2Z" />,
  alert: <path d="M8 1.6 14.8 14H1.2ZM7.2 6v4h1.6V6Zm0 5v1.6h1.6V11Z" fillRule="evenodd" />,
  evidence: <path d="m2.4 8.4 2-2 2.4 2.4 4.8-5 2 2-6.8 7Z" />,
};

export function isEventKind(kind: string): kind is EventKind {
  return (eventKinds as readonly string[]).includes(kind);
}

/** The shape of a kind; always put its word next to it. */
export function KindMark({ kind }: { kind: string }) {
  return (
    <svg className={styles.kindMark} viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
      {isEventKind(kind) ? shapes[kind] : <circle cx="8" cy="8" r="2.5" />}
    </svg>
  );
}

export function kindText(kind: string, t: Translate): string {
  return isEventKind(kind) ? t(`kind.${kind}`) : kind.replaceAll('_', ' ');
}

/** A kind as shape and word. */
export function KindName({ kind, t }: { kind: string; t: Translate }) {
  return (
    <span className={styles.kind}>
      <KindMark kind={kind} />
      {kindText(kind, t)}
    </span>
  );
}

/** The kinds with a colour of their own, whatever the filter, so that colours never change their meaning. */
const coloured = ['deployment', 'change', 'build', 'incident', 'flag_change'] as const satisfies readonly EventKind[];

/** Stacks the counts of a summary: the five main kinds, and the rest as one. */
export function stackOf(summary: FactsSummary, t: Translate): { series: StackSeries[]; buckets: StackBucket[] } {
  const seen = new Set(summary.buckets.flatMap((bucket) => Object.keys(bucket.counts).filter((kind) => bucket.counts[kind])));
  const main = coloured.filter((kind) => seen.has(kind));
  const rest = [...seen].filter((kind) => !(coloured as readonly string[]).includes(kind));
  const series: StackSeries[] = main.map((kind) => ({
    id: kind,
    label: kindText(kind, t),
    colour: (coloured.indexOf(kind) + 1) as StackSeries['colour'],
    mark: <KindMark kind={kind} />,
  }));
  const [only] = rest;
  if (only !== undefined) {
    const alone = rest.length === 1;
    series.push({ id: 'others', label: alone ? kindText(only, t) : t('kind.others'), colour: 0, mark: alone ? <KindMark kind={only} /> : undefined });
  }
  const buckets = summary.buckets.map(({ from, counts }) => {
    const to = Date.parse(from) + summary.bucket_seconds * 1000;
    const values = main.map((kind) => counts[kind] ?? 0);
    if (rest.length > 0) values.push(rest.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0));
    // The window cuts its first and its last bar.
    const complete = Date.parse(from) >= Date.parse(summary.from) && to <= Date.parse(summary.to);
    return { from, to: new Date(to).toISOString(), complete, values };
  });
  return { series, buckets };
}
