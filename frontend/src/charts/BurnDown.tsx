import { useId, useState, type ReactNode } from 'react';
import { useT, type Translate } from '../i18n/useT';
import { formatDateTime, formatPercent } from '../ui/format';
import { TimeTicks, ValueGrid } from './Axes';
import {
  budgetAxis,
  burnAxis,
  byTaken,
  explained,
  gapsOf,
  groupMarks,
  kindOf,
  marksIn,
  stepPath,
  stretchOf,
  type BurnMark,
  type BurnPoint,
  type Expected,
  type MarkGroup,
  type MarkKind,
} from './burndown';
import own from './burndown.module.css';
import { ChartFigure } from './ChartFigure';
import type { Table } from './csv';
import { tag } from './format';
import { frame, type Frame, type TimeAxis } from './layout';
import { MarkShape } from './MarkShape';
import { NoData } from './NoData';
import { areaPath, linePath } from './path';
import { Plot, type Reading } from './Plot';
import type { ValueAxis } from './scale';
import type { ChartProps } from './types';
import { useWidth } from './useWidth';

/** C4: what is left of a budget over its window, and what happened meanwhile. */
export interface BurnDownProps extends ChartProps {
  window: { from: string; to: string };
  points: readonly BurnPoint[];
  /** What would be left if it were spent evenly; empty where that means nothing. */
  even: readonly { at: string; remaining: number }[];
  forecast: readonly Expected[];
  marks: readonly BurnMark[];
  /** What an exhausted budget means, written into the region below zero. */
  consequence: string;
  /** The way to what a mark stands for. */
  link: (mark: BurnMark) => ReactNode;
}

interface Drawn {
  box: Frame;
  x: (at: string) => number;
  axis: TimeAxis;
  values: ValueAxis;
  now: number;
  differs: boolean;
}

/** Whether corrections changed what is left anywhere. */
function correctionsCount(points: readonly BurnPoint[]): boolean {
  return points.some(({ remaining, experienced }) => experienced !== null && experienced !== remaining);
}

function useDrawn(props: BurnDownProps, width: number): Drawn {
  const { locale } = useT();
  const { points, forecast, height = 320, timeZone } = props;
  const box = frame(width, height, 'none');
  const stretch = stretchOf(props.window, points, forecast);
  const instants = [...points, ...forecast].map(({ at }) => at);
  const differs = correctionsCount(points);
  const shown = [...points.flatMap((p) => (differs ? [p.remaining, p.experienced] : [p.remaining])), ...forecast.map(({ middle }) => middle)];
  const { x, axis } = burnAxis(stretch, instants, box, timeZone, tag(locale));
  return { box, x, axis, values: budgetAxis(shown, box.plotHeight), now: x(new Date(stretch.now).toISOString()), differs };
}

/** The region below zero, hatched. */
function BelowZero({ drawn, id }: { drawn: Drawn; id: string }) {
  const { box, values } = drawn;
  const zero = values.y(0);
  return (
    <>
      <defs>
        <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line className={own.hatch} y2="6" />
        </pattern>
      </defs>
      <rect className={own.below} y={zero} width={box.plotWidth} height={box.plotHeight - zero} />
      <rect fill={`url(#${id})`} y={zero} width={box.plotWidth} height={box.plotHeight - zero} />
      <line className={own.zero} x2={box.plotWidth} y1={zero} y2={zero} />
    </>
  );
}

/** What it means to be below zero; drawn over everything that stands there. */
function Consequence({ drawn, text }: { drawn: Drawn; text: string }) {
  const { box, values } = drawn;
  return (
    <g className={own.words}>
      <text className={own.strong} x={6} y={Math.min(box.plotHeight - 5, values.y(0) + 15)}>
        {text}
      </text>
    </g>
  );
}

function Gaps({ props, drawn, id }: { props: BurnDownProps; drawn: Drawn; id: string }) {
  const { t } = useT();
  const { x, box } = drawn;
  return (
    <g className={own.words}>
      <defs>
        <pattern id={id} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
          <line className={own.gapLine} y2="5" />
        </pattern>
      </defs>
      {gapsOf(props.points).map(({ from, to }) => {
        const width = x(to) - x(from);
        return (
          <g key={from}>
            <rect className={own.gap} x={x(from)} width={width} height={box.plotHeight} />
            <rect fill={`url(#${id})`} x={x(from)} width={width} height={box.plotHeight} />
            {width > 60 && (
              <text x={x(from) + width / 2} y={12} textAnchor="middle">
                {t('burndown.gap')}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}

/** What lasted: incidents, and what corrections cover. */
function Lasting({ marks, drawn }: { marks: readonly BurnMark[]; drawn: Drawn }) {
  const { x, box } = drawn;
  return marks.map((mark) => {
    if (mark.until === null || (mark.kind !== 'incident' && mark.kind !== 'correction')) return null;
    const from = Math.max(0, x(mark.at));
    return <rect key={`${mark.kind} ${mark.id}`} className={own[mark.kind]} x={from} width={Math.max(2, x(mark.until) - from)} height={box.plotHeight} />;
  });
}

function steps(points: readonly BurnPoint[], drawn: Drawn, of: (point: BurnPoint) => number | null) {
  return points.map((point) => {
    const value = point.noData ? null : of(point);
    return { x: drawn.x(point.at), y: value === null ? null : drawn.values.y(value) };
  });
}

/** Where the line of even spending is named: on its way, for at its end there is no room. */
function labelOf(even: BurnDownProps['even']) {
  const [first, last] = [even[0], even.at(-1)];
  if (!first || !last) return null;
  const [from, to] = [Date.parse(first.at), Date.parse(last.at)];
  const at = new Date(from + (to - from) * 0.72).toISOString();
  const remaining = evenAt(even, at);
  return remaining === null ? null : { at, remaining };
}

function Lines({ props, drawn }: { props: BurnDownProps; drawn: Drawn }) {
  const { t } = useT();
  const { points, even } = props;
  const { values, x, box } = drawn;
  const label = labelOf(even);
  return (
    <>
      <path className={own.even} d={linePath(even.map(({ at, remaining }) => ({ x: x(at), y: values.y(remaining) })))} />
      {drawn.differs && <path className={own.experienced} d={stepPath(steps(points, drawn, (p) => p.experienced))} />}
      <path className={own.step} d={stepPath(steps(points, drawn, (p) => p.remaining))} />
      {label && !box.narrow && (
        <g className={own.words}>
          <text x={x(label.at) + 6} y={values.y(label.remaining) - 6}>
            {t('burndown.even')}
          </text>
        </g>
      )}
    </>
  );
}

function Forecast({ forecast, drawn }: { forecast: readonly Expected[]; drawn: Drawn }) {
  const { t } = useT();
  const { values, x, box, now } = drawn;
  if (forecast.length === 0) return null;
  return (
    <>
      <path className={own.range} d={areaPath(forecast.map((f) => ({ x: x(f.at), low: values.y(f.low), high: values.y(f.high) })))} />
      <path className={own.likely} d={linePath(forecast.map((f) => ({ x: x(f.at), y: values.y(f.middle) })))} />
      <line className={own.now} x1={now} x2={now} y2={box.plotHeight} />
      <g className={own.words}>
        <text x={now - 4} y={12} textAnchor="end">
          {t('burndown.now')}
        </text>
      </g>
    </>
  );
}

/** The burn that the chosen marks explain. */
function Chosen({ group, props, drawn }: { group: MarkGroup; props: BurnDownProps; drawn: Drawn }) {
  const { box, x } = drawn;
  return group.marks.map((mark) => {
    const covered = explained(props.points, mark);
    const [first, last] = [covered[0], covered.at(-1)];
    if (!first || !last) return null;
    return (
      <g key={`${mark.kind} ${mark.id}`} data-transient="">
        <rect className={own.chosen} x={x(first.at)} width={Math.max(2, x(last.at) - x(first.at))} height={box.plotHeight} />
        <path className={own.explained} d={stepPath(steps(covered, drawn, (p) => p.remaining))} />
      </g>
    );
  });
}

/** What a mark says in one line: kind, title, when, how much. */
export function markText(mark: BurnMark, t: Translate, locale: string, timeZone: string): string {
  const words = [`${t(`burndown.kind.${mark.kind}`)}: ${mark.title}`, formatDateTime(mark.at, locale, timeZone)];
  if (mark.consumed !== null) words.push(t('burndown.took', { share: formatPercent(mark.consumed, locale) }));
  return words.join(', ');
}

interface StripProps {
  groups: readonly MarkGroup[];
  box: Frame;
  timeZone: string;
  held: MarkGroup | null;
  onHold: (group: MarkGroup | null) => void;
  onLook: (group: MarkGroup | null) => void;
}

/** The marks above the plot; each is a button that shows what it stands for. */
function Strip({ groups, box, timeZone, held, onHold, onLook }: StripProps) {
  const { t, locale } = useT();
  return (
    <ul className={own.strip} aria-label={t('burndown.marks')}>
      {groups.map((group) => {
        const first = group.marks[0];
        if (!first) return null;
        const more = group.marks.length - 1;
        const pressed = held !== null && held.marks[0] === first;
        return (
          <li key={`${first.kind} ${first.id}`}>
            <button
              type="button"
              className={own.mark}
              data-kind={kindOf(group)}
              style={{ left: `${((box.left + group.x) / box.width) * 100}%` }}
              aria-pressed={pressed}
              onClick={() => onHold(pressed ? null : group)}
              onFocus={() => onLook(group)}
              onBlur={() => onLook(null)}
              onPointerEnter={() => onLook(group)}
              onPointerLeave={() => onLook(null)}
            >
              <MarkShape kind={kindOf(group)} />
              {more > 0 && <span className={own.count}>+{more}</span>}
              <span className="ek-hidden"> {byTaken(group).map((mark) => markText(mark, t, locale, timeZone)).join('; ')}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** What the chosen marks are, with the way to them. */
function Details({ group, props }: { group: MarkGroup | null; props: BurnDownProps }) {
  const { t, locale } = useT();
  if (props.marks.length === 0) return null;
  return (
    <div className={own.details}>
      {group ? (
        <ul>
          {byTaken(group).map((mark) => (
            <li key={`${mark.kind} ${mark.id}`}>
              <span className={own.kind} data-kind={mark.kind}>
                <MarkShape kind={mark.kind} />
                {t(`burndown.kind.${mark.kind}`)}
              </span>
              {props.link(mark)}
              <span className={own.quiet}>{formatDateTime(mark.at, locale, props.timeZone)}</span>
              {mark.consumed !== null && <strong>{t('burndown.took', { share: formatPercent(mark.consumed, locale) })}</strong>}
            </li>
          ))}
        </ul>
      ) : (
        <span className={own.quiet}>{t('burndown.hint')}</span>
      )}
    </div>
  );
}

function Legend({ props, differs }: { props: BurnDownProps; differs: boolean }) {
  const { t } = useT();
  const kinds = [...new Set(props.marks.map(({ kind }) => kind))];
  const line = (className: string | undefined, word: string) => (
    <li key={word}>
      <svg className={own.sample} viewBox="0 0 22 8" aria-hidden="true">
        <path className={className} d="M0 4H22" />
      </svg>
      {word}
    </li>
  );
  return (
    <ul className={own.legend}>
      {line(own.step, t(differs ? 'burndown.contractual' : 'burndown.left'))}
      {differs && line(own.experienced, t('burndown.experienced'))}
      {props.even.length > 0 && line(own.even, t('burndown.even'))}
      {props.forecast.length > 0 && line(own.likely, t('burndown.forecast'))}
      {kinds.map((kind: MarkKind) => (
        <li key={kind}>
          <MarkShape kind={kind} />
          {t(`burndown.kind.${kind}`)}
        </li>
      ))}
    </ul>
  );
}

/** Even spending at an instant, between the given ones. */
export function evenAt(even: BurnDownProps['even'], at: string): number | null {
  const instant = Date.parse(at);
  const after = even.findIndex((point) => Date.parse(point.at) >= instant);
  const b = even[after];
  if (!b) return null;
  const a = even[after - 1];
  if (!a) return Date.parse(b.at) === instant ? b.remaining : null;
  const part = (instant - Date.parse(a.at)) / (Date.parse(b.at) - Date.parse(a.at));
  return a.remaining + part * (b.remaining - a.remaining);
}

function useReading(props: BurnDownProps, differs: boolean): (index: number) => Reading {
  const { t, locale } = useT();
  const share = (value: number) => formatPercent(value, locale);
  return (index) => {
    const expected = props.forecast[index - props.points.length];
    if (expected) {
      return {
        heading: formatDateTime(expected.at, locale, props.timeZone),
        lines: [t('burndown.read.forecast', { middle: share(expected.middle), low: share(expected.low), high: share(expected.high) })],
      };
    }
    const point = props.points[index]!;
    const lines = [point.noData || point.remaining === null ? (point.why ?? t('burndown.gap')) : t('burndown.read.left', { share: share(point.remaining) })];
    if (differs && point.experienced !== null) lines.push(t('burndown.read.experienced', { share: share(point.experienced) }));
    const even = evenAt(props.even, point.at);
    if (even !== null) lines.push(t('burndown.read.even', { share: share(even) }));
    lines.push(...marksIn(props.marks, props.points, index).map((mark) => `${t(`burndown.kind.${mark.kind}`)}: ${mark.title}`));
    return { heading: formatDateTime(point.at, locale, props.timeZone), lines };
  };
}

function useTables(props: BurnDownProps): { table: Table; readable: Table } {
  const { t, locale } = useT();
  const { points, even, forecast, marks, timeZone } = props;
  const spread = <Value,>(value: () => Value) => (even.length > 0 ? [value()] : []);
  const columns = [t('burndown.column.at'), t('burndown.contractual'), t('burndown.experienced'), ...spread(() => t('burndown.even')), t('burndown.column.low'), t('burndown.column.high'), t('burndown.column.marks')];
  const rows = points.map((point, i): (string | number | null)[] => {
    const happened = marksIn(marks, points, i).map((mark) => markText(mark, t, locale, timeZone));
    return [point.at, point.noData ? null : point.remaining, point.noData ? null : point.experienced, ...spread(() => evenAt(even, point.at)), null, null, [point.why, ...happened].filter(Boolean).join('; ') || null];
  });
  // A forecast begins where the line ends, which has a row already.
  const ahead = forecast.filter(({ at }) => at !== points.at(-1)?.at).map((f): (string | number | null)[] => [f.at, f.middle, null, ...spread(() => evenAt(even, f.at)), f.low, f.high, t('burndown.forecast')]);
  const all = [...rows, ...ahead];
  const show = (value: string | number | null, column: number) => {
    if (typeof value === 'number') return formatPercent(value, locale);
    return column === 0 && value !== null ? formatDateTime(value, locale, timeZone) : value;
  };
  return { table: { columns, rows: all }, readable: { columns, rows: all.map((row) => row.map(show)) } };
}

/** The picture in words. */
function useDescription(props: BurnDownProps): string {
  const { t, locale } = useT();
  const known = props.points.filter((p) => p.remaining !== null && !p.noData);
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return t('chart.no_data');
  const lowest = known.reduce((low, p) => (p.remaining! < low.remaining! ? p : low));
  const when = (at: string) => formatDateTime(at, locale, props.timeZone);
  const words = [
    t('burndown.describe', {
      from: when(first.at),
      to: when(last.at),
      first: formatPercent(first.remaining, locale),
      latest: formatPercent(last.remaining, locale),
      lowest: formatPercent(lowest.remaining, locale),
      lowest_when: when(lowest.at),
    }),
  ];
  const gaps = gapsOf(props.points).length;
  if (gaps > 0) words.push(t('burndown.describe.gaps', { count: gaps }));
  if (props.marks.length > 0) words.push(t('burndown.describe.marks', { count: props.marks.length }));
  return words.join(' ');
}

function Picture(props: BurnDownProps) {
  const { t, locale } = useT();
  const id = useId().replaceAll(/\W/g, '');
  const [ref, width] = useWidth<HTMLDivElement>(640);
  const [held, setHeld] = useState<MarkGroup | null>(null);
  const [seen, setSeen] = useState<MarkGroup | null>(null);
  const drawn = useDrawn(props, width);
  const read = useReading(props, drawn.differs);
  const description = useDescription(props);
  const { box, axis, values, x } = drawn;
  const empty = props.points.every((p) => p.remaining === null || p.noData);
  const groups = groupMarks(props.marks, (at) => Math.max(0, Math.min(box.plotWidth, x(at))), box.plotWidth);
  const group = seen ?? held;
  const cursor = (i: number) => {
    const value = props.points[i]?.noData ? null : (props.points[i]?.remaining ?? props.forecast[i - props.points.length]?.middle ?? null);
    return value === null ? [] : [values.y(value)];
  };
  return (
    <div ref={ref} className={own.whole}>
      {groups.length > 0 && <Strip groups={groups} box={box} timeZone={props.timeZone} held={held} onHold={setHeld} onLook={setSeen} />}
      <Plot title={props.title} description={description} box={box} axis={axis} read={read} marks={cursor}>
        <BelowZero drawn={drawn} id={`${id}below`} />
        <ValueGrid axis={values} box={box} label={(value) => formatPercent(value, locale)} />
        <Gaps props={props} drawn={drawn} id={`${id}gap`} />
        <Lasting marks={props.marks} drawn={drawn} />
        {groups.map(({ x: at }) => (
          <line key={at} className={own.drop} x1={at} x2={at} y1={-box.top} y2={box.plotHeight} />
        ))}
        {group && <Chosen group={group} props={props} drawn={drawn} />}
        <Forecast forecast={props.forecast} drawn={drawn} />
        <Lines props={props} drawn={drawn} />
        <Consequence drawn={drawn} text={props.consequence} />
        <TimeTicks axis={axis} box={box} />
        {empty && <NoData box={box} />}
      </Plot>
      <Details group={group} props={props} />
      <Legend props={props} differs={drawn.differs} />
      <output className="ek-hidden">{held ? t('burndown.held', { count: held.marks.length }) : ''}</output>
    </div>
  );
}

/**
 * C4: what is left of an error budget, step by step, against even spending,
 * with what happened in a strip above and the forecast behind now.
 */
export function BurnDown(props: BurnDownProps) {
  const { table, readable } = useTables(props);
  return (
    <ChartFigure {...props} table={table} readable={readable}>
      <Picture {...props} />
    </ChartFigure>
  );
}
