import type { MeasuredSeries } from '../../api/slos';
import { scalar, write } from './document';

/** A line of an annotation in the head of the first document, with its end. */
const annotation = (key: string) => new RegExp(`^ {4}evenkeel\\.dev/${key}:.*\\n?`, 'm');

/** The document with an annotation of ours; null takes it away. */
export function annotate(document: string, key: string, value: string | null): string {
  const line = value === null ? '' : `    evenkeel.dev/${key}: ${scalar(value)}\n`;
  if (annotation(key).test(document)) return document.replace(annotation(key), line);
  if (line === '') return document;
  if (/^ {2}annotations:[ \t]*$/m.test(document)) return document.replace(/^ {2}annotations:[ \t]*\n/m, (head) => head + line);
  return document.replace(/^metadata:[ \t]*\n/m, (head) => `${head}  annotations:\n${line}`);
}

/** The indicator of a document and what is indented below it. */
const indicator = /^ {2}indicator:[ \t]*\n(?: {3,}.*\n|[ \t]*\n)*/m;

/** Whether an indicator asks for itself: what it asks is nobody else's to replace. */
export function hasQueries(document: string): boolean {
  const [block = document] = indicator.exec(document) ?? [];
  return /\b(query|metricSourceRef|queries|metricQuery):/.test(block);
}

/** Names that stand as names of indicators; others stand in an annotation. */
const plainName = /^[^\s{}"]+$/;

/** An indicator over measurements that are kept under a name. */
function indicatorOf({ name, amounts }: MeasuredSeries): string {
  const source = 'metricSource: {type: Pushed, spec: {}}';
  const part = amounts.includes('good') || !amounts.includes('bad') ? 'good' : 'bad';
  const ratio = `      ratioMetric:\n        counter: false\n        ${part}:\n          ${source}\n        total:\n          ${source}\n`;
  const spec = isValue(amounts) ? `      thresholdMetric:\n        ${source}\n` : ratio;
  return `  indicator:\n    metadata:\n      name: ${plainName.test(name) ? scalar(name) : 'measured'}\n    spec:\n${spec}`;
}

/** Whether a series has values to compare, not events to count. */
function isValue(amounts: MeasuredSeries['amounts']): boolean {
  return amounts.includes('value') && !amounts.includes('total');
}

/** The length of a slice as documents write it; null for the minute that goes without saying. */
export function sliceText(seconds: number): string | null {
  if (seconds === 60) return null;
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** A bound to begin with: the last value, rounded up to two digits. */
export function boundFrom(value: number | null | undefined): number {
  if (!value || value < 0) return 1;
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.ceil(Number((value / unit).toPrecision(12))) * unit).toPrecision(12));
}

/** Objectives compare values with a bound, or do not. */
function withBound(document: string, bound: number | null): string {
  const bare = document.replaceAll(/^ {6}(?:op|value): .*\n?/gm, '');
  if (bound === null) return bare;
  return bare.replaceAll(/^ {4}- (?:target|targetPercent|displayName):.*$/gm, (line) => `${line}\n      op: lte\n      value: ${bound}`);
}

/**
 * The document over a series that was measured: its application, environment,
 * slices and labels, and an indicator of what it holds. Where the document asks
 * with queries of its own these stay, and only the name is taken over.
 */
export function withSeries(document: string, series: MeasuredSeries): string {
  const text = document.endsWith('\n') ? document : `${document}\n`;
  const { application, environment, name, labels, slice_seconds: seconds, amounts, last } = series;
  if (hasQueries(text) || /^---/m.test(text.slice(4)) || !indicator.test(text)) return named(text, name);
  const placed = write(text, 'service', application).replace(indicator, () => indicatorOf(series));
  const annotated = annotate(annotate(annotate(placed, 'environment', environment || null), 'slice', sliceText(seconds)), 'group-by', Object.keys(labels).toSorted().join(', ') || null);
  const bound = isValue(amounts) ? boundFrom(last?.value) : null;
  return withBound(annotate(annotated, 'series', plainName.test(name) ? null : name), bound);
}

/** The document over another name: in its annotation, where that stands, else that of its indicator. */
function named(document: string, name: string): string {
  if (annotation('series').test(document) || !plainName.test(name)) return annotate(document, 'series', name);
  return write(document, 'series', name);
}
