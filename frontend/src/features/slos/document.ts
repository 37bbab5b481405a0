/**
 * What a form shows of an OpenSLO document, and writes into it: single lines,
 * so that comments and everything the form does not know stay as they are.
 */
export const fields = ['displayName', 'name', 'service', 'series', 'method', 'target', 'duration'] as const;
export type Field = (typeof fields)[number];

/** The line of each field: what stands before its value, and the value. */
const lines: Readonly<Record<Field, RegExp>> = {
  displayName: /^( {2}displayName: *)(.*)$/gm,
  name: /^( {2}name: *)(.*)$/gm,
  service: /^( {2}service: *)(.*)$/gm,
  series: /^( {6}name: *)(.*)$/gm,
  method: /^( {2}budgetingMethod: *)(.*)$/gm,
  target: /^( *(?:- *)?target: *)(.*)$/gm,
  duration: /^( *(?:- *)?duration: *)(.*)$/gm,
};

/** A scalar without its comment and quotes; a hash within quotes begins no comment. */
function bare(text: string): string {
  const value = text.trim();
  const [double] = /^"(?:[^"\\]|\\.)*"/.exec(value) ?? [];
  if (double !== undefined) {
    try {
      return String(JSON.parse(double));
    } catch {
      return double;
    }
  }
  const [single] = /^'(?:[^']|'')*'/.exec(value) ?? [];
  if (single !== undefined) return single.slice(1, -1).replaceAll("''", "'");
  return value.replace(/(^|\s+)#.*$/, '');
}

/** A scalar as YAML reads it back: text that could be something else is quoted. */
export function scalar(value: string): string {
  return /^[A-Za-z][\w./-]*( [\w./-]+)*$/.test(value) || /^\d+(\.\d+)?[a-zA-Z]?$/.test(value) ? value : JSON.stringify(value);
}

/** An annotation names the series before the indicator's name does. */
const seriesLine = /^( {4}evenkeel\.dev\/series: *)(.*)$/gm;

function lineOf(document: string, field: Field): RegExp {
  return field === 'series' && document.match(seriesLine) ? seriesLine : lines[field];
}

/** The value of a field; null where the document has none, or several. */
export function read(document: string, field: Field): string | null {
  const found = [...document.matchAll(lineOf(document, field))];
  return found.length === 1 ? bare(found[0]![2] ?? '') : null;
}

/** The environment that a document is measured in; empty is any. */
export function environmentOf(document: string): string {
  const [, value = ''] = /^ {4}evenkeel\.dev\/environment: *(.*)$/m.exec(document) ?? [];
  return bare(value);
}

/** The document with another value of a field that it has once. */
export function write(document: string, field: Field, value: string): string {
  if (read(document, field) === null) return document;
  const changed = document.replace(lineOf(document, field), (_, before: string) => `${before.trimEnd()} ${scalar(value)}`);
  return field === 'method' ? withSlices(changed, value) : changed;
}

/** Methods that count slices need to know how long one is, and when it is good. */
function withSlices(document: string, method: string): string {
  const wanted = method === 'Occurrences' ? [] : method === 'Timeslices' ? ['timeSliceTarget: 0.95', 'timeSliceWindow: 5m'] : ['timeSliceWindow: 5m'];
  const kept = document.replaceAll(/^ *timeSlice(Target|Window):.*\n?/gm, (line, kind: string) => (wanted.some((one) => one.startsWith(`timeSlice${kind}`)) ? line : ''));
  const missing = wanted.filter((line) => !new RegExp(`^ *${line.split(':')[0]}:`, 'm').test(kept));
  return kept.replace(/^( *)- target:.*$/m, (line, indent: string) => [line, ...missing.map((one) => `${indent}  ${one}`)].join('\n'));
}

/** A share as percent without rounding, "0.9995" is "99.95"; text that is no number stays. */
export function percentOf(share: string): string {
  const value = Number(share);
  return share.trim() === '' || Number.isNaN(value) ? share : String(Number((value * 100).toFixed(12)));
}

/** A percentage as a share, "99.95" is "0.9995"; what is being typed and is no number stays. */
export function shareOf(percent: string): string {
  const text = percent.trim().replace(',', '.');
  const value = Number(text);
  return text === '' || Number.isNaN(value) ? percent : String(Number((value / 100).toFixed(14)));
}

/** A name that documents and addresses may carry: lower case, digits and hyphens. */
export function nameOf(title: string): string {
  return title
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63);
}

/** A first document of an application's availability, over measurements that are sent. */
export function firstDocument(service: string): string {
  return `apiVersion: openslo/v1
kind: SLO
metadata:
  name: ${nameOf(`${service || 'my'} availability`)}
  displayName: Availability
  annotations:
    evenkeel.dev/environment: production
spec:
  service: ${service || 'my-application'}
  indicator:
    metadata:
      name: availability
    spec:
      ratioMetric:
        counter: false
        good:
          metricSource: {type: Pushed, spec: {}}
        total:
          metricSource: {type: Pushed, spec: {}}
  timeWindow:
    - duration: 30d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: 0.999
`;
}

/** The field of the form that a lint is about, by the document's path; null for the rest. */
export function fieldOf(path: string): Field | null {
  const found: readonly (readonly [RegExp, Field])[] = [
    [/displayName$/, 'displayName'],
    [/objectives.*\.target/, 'target'],
    [/timeWindow|duration/, 'duration'],
    [/budgetingMethod|timeSlice/, 'method'],
    [/service$/, 'service'],
    [/series$|indicator.*metadata/, 'series'],
    [/^metadata\.name$/, 'name'],
  ];
  return found.find(([pattern]) => pattern.test(path))?.[1] ?? null;
}
