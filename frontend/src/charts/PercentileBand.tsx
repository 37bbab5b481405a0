import '@mantine/core/styles/Switch.layer.css';
import { Switch } from '@mantine/core';
import { useState } from 'react';
import { useT } from '../i18n/useT';
import { TimeTicks, ValueGrid } from './Axes';
import { placeBands } from './bands';
import { breakLines, breakTexts, interrupted, placeBreaks, withBreaks, type PlacedBreak } from './breaks';
import { BreakMarks } from './BreakMarks';
import { ChartFigure } from './ChartFigure';
import classes from './charts.module.css';
import type { Table } from './csv';
import { describe } from './describe';
import { axisLabel, axisUnit, formatValue, spanText, tag } from './format';
import { limitsOf, reachable, signalsOf, signalTexts, withControl } from './control';
import { ControlLines, Signals } from './ControlLines';
import { NoData } from './NoData';
import { spread } from './labels';
import { frame, timeAxis, type Frame, type TimeAxis } from './layout';
import { areaPath, linePath, lonePoints, splitIncomplete, type Point } from './path';
import { Plot, type Reading } from './Plot';
import { isSkewed, linearAxis, logAxis, type ValueAxis } from './scale';
import type { BenchmarkBands, PercentileBandProps, PercentileBucket } from './types';
import { useWidth } from './useWidth';

/** Below these counts a percentile says nothing and is not drawn. */
const enough = { median: 5, p75: 10, p90: 20 } as const;

/** The bucket with percentiles that rest on too few values taken out. */
function trusted(bucket: PercentileBucket): PercentileBucket {
  return {
    ...bucket,
    p75: bucket.n >= enough.p75 ? bucket.p75 : null,
    p90: bucket.n >= enough.p90 ? bucket.p90 : null,
  };
}

type Statistic = 'median' | 'p75' | 'p90';

interface Drawn {
  buckets: PercentileBucket[];
  previous: (number | null)[];
  box: Frame;
  axis: TimeAxis;
  values: ValueAxis;
  breaks: PlacedBreak[];
}

const gap = (x: number): Point => ({ x, y: null });

function points(drawn: Drawn, statistic: Statistic): Point[] {
  return drawn.buckets.map((bucket, i) => {
    const value = bucket[statistic];
    return { x: drawn.axis.slots[i]!.middle, y: value === null ? null : drawn.values.y(value) };
  });
}

function Fills({ drawn }: { drawn: Drawn }) {
  const range = (from: Statistic, to: Statistic) => {
    const low = points(drawn, from);
    const high = points(drawn, to);
    const both = low.map((p, i) => ({ x: p.x, low: p.y, high: high[i]!.y }));
    return areaPath(interrupted(both, drawn.breaks, (x) => ({ x, low: null, high: null })));
  };
  const edge = (of: Statistic) => linePath(interrupted(points(drawn, of), drawn.breaks, gap));
  return (
    <>
      <path className={classes.outer} d={range('p75', 'p90')} />
      <path className={classes.outer} d={range('median', 'p75')} />
      <path className={classes.inner} d={range('median', 'p75')} />
      <path className={classes.edgeOuter} d={edge('p90')} />
      <path className={classes.edge} d={edge('p75')} />
    </>
  );
}

function MedianLine({ drawn }: { drawn: Drawn }) {
  const line = points(drawn, 'median');
  const [whole, rest] = splitIncomplete(
    line,
    drawn.buckets.map((b) => b.complete),
  );
  const lone = new Set(lonePoints(interrupted(line, drawn.breaks, gap)).map((p) => p.x));
  return (
    <>
      <path className={classes.line} d={linePath(interrupted(whole, drawn.breaks, gap))} />
      {rest.length > 0 && <path className={classes.open} d={linePath(interrupted(rest, drawn.breaks, gap))} />}
      {drawn.buckets.map((bucket, i) => {
        const { x, y } = line[i]!;
        const hollow = !bucket.complete || bucket.n < enough.median;
        if (y === null || (!hollow && !lone.has(x))) return null;
        return (
          <circle key={bucket.from} className={hollow ? classes.hollow : classes.dot} cx={x} cy={y} r={3.5} />
        );
      })}
    </>
  );
}

function Ghost({ drawn }: { drawn: Drawn }) {
  const line = drawn.axis.slots.map((slot, i) => {
    const value = drawn.previous[i];
    return { x: slot.middle, y: value === null || value === undefined ? null : drawn.values.y(value) };
  });
  return <path className={classes.ghost} d={linePath(line)} />;
}

function Bands({ drawn, benchmark }: { drawn: Drawn; benchmark: BenchmarkBands }) {
  return (
    <>
      {placeBands(benchmark.bands, drawn.values).map((band) => (
        <g key={band.name}>
          <rect
            className={band.shade === 0 ? classes.band0 : classes.band1}
            y={band.top}
            width={drawn.box.plotWidth}
            height={band.bottom - band.top}
          />
        </g>
      ))}
    </>
  );
}

/** Texts of the bands, above the fills so that they stay readable. */
function BandTexts({ drawn, benchmark }: { drawn: Drawn; benchmark: BenchmarkBands }) {
  return (
    <>
      {placeBands(benchmark.bands, drawn.values)
        .filter((band) => band.labelled)
        .map((band) => (
          <text key={band.name} className={classes.bandText} x={6} y={band.top + 11}>
            {band.name}
          </text>
        ))}
    </>
  );
}

interface Direct {
  id: Statistic | 'previous';
  y: number;
  text: string;
}

/** The last value of each line that stands for a whole span. */
function useDirectLabels(drawn: Drawn, unit: PercentileBandProps['unit']): Direct[] {
  const { t, locale } = useT();
  const labels: Direct[] = [];
  for (const statistic of ['median', 'p75', 'p90'] as const) {
    const last = drawn.buckets.findLast((b) => b.complete && b[statistic] !== null);
    const value = last?.[statistic];
    if (value === null || value === undefined) continue;
    const text = `${t(`chart.${statistic}`)} ${formatValue(value, unit ?? 'seconds', t, locale)}`;
    labels.push({ id: statistic, y: drawn.values.y(value), text });
  }
  const before = drawn.previous.slice(0, drawn.buckets.length).findLast((v) => v !== null);
  if (before !== undefined && before !== null) {
    labels.push({ id: 'previous', y: drawn.values.y(before), text: t('chart.before') });
  }
  return labels;
}

function DirectLabels({ drawn, unit }: { drawn: Drawn; unit: PercentileBandProps['unit'] }) {
  const labels = useDirectLabels(drawn, unit);
  const x = drawn.box.plotWidth;
  return (
    <g className={classes.direct}>
      {spread(labels, 14, 4, drawn.box.plotHeight).map((place) => {
        const label = labels.find((l) => l.id === place.id)!;
        return (
          <g key={place.id}>
            <path className={classes.leader} d={`M${x} ${place.y.toFixed(1)}L${x + 6} ${place.placed.toFixed(1)}`} />
            <text
              x={x + 9}
              y={place.placed}
              dy="0.32em"
              className={place.id === 'median' ? classes.strong : undefined}
            >
              {label.text}
            </text>
          </g>
        );
      })}
    </g>
  );
}

function plainTable(props: PercentileBandProps, header: (id: ColumnId) => string): Table {
  const ghost = props.previous !== undefined;
  const columns: ColumnId[] = ['from', 'to', 'complete', 'median', 'p75', 'p90', 'n'];
  if (ghost) columns.push('previous');
  return {
    columns: columns.map(header),
    rows: props.buckets.map((b, i) => {
      const row = [b.from, b.to, String(b.complete), b.median, b.p75, b.p90, b.n];
      return ghost ? [...row, props.previous?.[i] ?? null] : row;
    }),
  };
}

type ColumnId = 'from' | 'to' | 'complete' | 'median' | 'p75' | 'p90' | 'n' | 'previous';

function useTables(props: PercentileBandProps): { table: Table; readable: Table } {
  const { t, locale } = useT();
  const unit = props.unit ?? 'seconds';
  const show = (v: number | null) => (v === null ? null : formatValue(v, unit, t, locale));
  const table = plainTable(props, (id) => t(`chart.column_${id}`));
  const columns = [t('chart.period'), ...table.columns.slice(3)];
  const rows = props.buckets.map((b, i) => {
    const name = spanText(b, props.timeZone, locale);
    const row = [
      b.complete ? name : `${name} (${t('chart.incomplete')})`,
      show(b.median),
      show(b.p75),
      show(b.p90),
      b.n,
    ];
    return props.previous ? [...row, show(props.previous[i] ?? null)] : row;
  });
  const words = { ...props, spans: props.buckets, t, locale };
  const names = { lower: t('chart.column_lower'), upper: t('chart.column_upper'), signal: t('chart.column_signal') };
  return {
    table: withBreaks(withControl(table, props.control, props.buckets, names, (v) => v), words),
    readable: withBreaks(withControl({ columns, rows }, props.control, props.buckets, names, show), words),
  };
}

function useReading(props: PercentileBandProps): (index: number) => Reading {
  const { t, locale } = useT();
  const unit = props.unit ?? 'seconds';
  return (index) => {
    const raw = props.buckets[index]!;
    const bucket = trusted(raw);
    const lines = (['median', 'p75', 'p90'] as const).flatMap((s) => {
      const value = bucket[s];
      return value === null ? [] : [`${t(`chart.${s}`)} ${formatValue(value, unit, t, locale)}`];
    });
    if (lines.length === 0) lines.push(t('chart.no_value'));
    lines.push(raw.n > 0 && raw.n < enough.median ? t('chart.too_few', { n: raw.n }) : t('chart.n', { n: raw.n }));
    const before = props.previous?.[index];
    if (before !== null && before !== undefined) {
      lines.push(`${t('chart.previous')} ${formatValue(before, unit, t, locale)}`);
    }
    lines.push(...signalsOf(props.control, raw).map((signal) => signal.text));
    lines.push(...breakLines({ ...props, spans: props.buckets, t, locale }, index));
    if (!raw.complete) lines.push(t('chart.incomplete'));
    return { heading: spanText(raw, props.timeZone, locale), lines };
  };
}

function valueAxis(buckets: PercentileBucket[], previous: (number | null)[], props: PercentileBandProps, height: number) {
  const medians = buckets.map((b) => b.median);
  const p90 = buckets.map((b) => b.p90);
  const own = [...medians, ...buckets.map((b) => b.p75), ...p90, ...previous];
  const all = [...own, ...reachable(limitsOf(props.control, buckets), own)];
  const unit = props.unit ?? 'seconds';
  return unit === 'seconds' && isSkewed(medians, p90) ? logAxis(all, height) : linearAxis(all, unit, height);
}

function useDrawn(props: PercentileBandProps, width: number): Drawn {
  const { locale } = useT();
  const buckets = props.buckets.map(trusted);
  const previous = (props.previous ?? []).slice(0, buckets.length);
  const box = frame(width, props.height ?? 280, 'labels');
  const axis = timeAxis(buckets, box, props.timeZone, tag(locale));
  const values = valueAxis(buckets, previous, props, box.plotHeight);
  return { buckets, previous, box, axis, values, breaks: placeBreaks(props.breaks, buckets, axis) };
}

function Picture(props: PercentileBandProps & { shown: BenchmarkBands | undefined }) {
  const { shown, title, timeZone } = props;
  const unit = props.unit ?? 'seconds';
  const { t, locale } = useT();
  const [ref, width] = useWidth<HTMLDivElement>(640);
  const drawn = useDrawn(props, width);
  const read = useReading(props);
  const { box, axis, values, buckets } = drawn;
  const format = (v: number) => formatValue(v, unit, t, locale);
  const description = describe(
    { label: t('chart.column_median'), spans: buckets, values: buckets.map((b) => b.median), timeZone, locale, format },
    t,
  );
  const marks = (i: number) =>
    (['median', 'p75', 'p90'] as const).flatMap((s) => {
      const value = buckets[i]?.[s];
      return value === null || value === undefined ? [] : [values.y(value)];
    });
  const empty = buckets.every((b) => b.median === null);
  const said = `${signalTexts(props.control, buckets, timeZone, locale)} ${breakTexts({ ...props, spans: props.buckets, t, locale })}`.trim();
  return (
    <div ref={ref}>
      <Plot title={title} description={`${description} ${said}`.trim()} box={box} axis={axis} read={read} marks={marks}>
        {shown && !empty && <Bands drawn={drawn} benchmark={shown} />}
        {!empty && (
          <ValueGrid axis={values} box={box} label={axisLabel(values, unit, t, locale)} unit={axisUnit(values, unit, t)} />
        )}
        <Fills drawn={drawn} />
        <Ghost drawn={drawn} />
        {!empty && <ControlLines layer={props.control} spans={buckets} axis={axis} values={values} />}
        <MedianLine drawn={drawn} />
        {shown && !empty && <BandTexts drawn={drawn} benchmark={shown} />}
        <DirectLabels drawn={drawn} unit={unit} />
        <Signals layer={props.control} spans={buckets} axis={axis} values={values} at={(i) => buckets[i]?.median ?? null} />
        {!empty && <BreakMarks breaks={drawn.breaks} box={box} />}
        <TimeTicks axis={axis} box={box} />
        {empty && <NoData box={box} />}
      </Plot>
    </div>
  );
}

/**
 * C2: how long something takes, span by span: the median as a line, the ranges
 * up to p75 and p90 as fills. Percentiles from too few values are left out
 * (p75 below 10, p90 below 20), medians from fewer than 5 are hollow.
 */
export function PercentileBand(props: PercentileBandProps) {
  const { t } = useT();
  const [bands, setBands] = useState(true);
  const { table, readable } = useTables(props);
  const { benchmark } = props;
  const shown = bands ? benchmark : undefined;
  const control = benchmark && (
    <Switch
      size="xs"
      checked={bands}
      onChange={(event) => setBands(event.currentTarget.checked)}
      label={t('chart.benchmark', { name: benchmark.name })}
    />
  );
  const note = shown ? [t('chart.benchmark_note', { name: shown.name }), shown.evidence].filter(Boolean).join(' ') : undefined;
  return (
    <ChartFigure {...props} table={table} readable={readable} controls={control} note={note}>
      <Picture {...props} shown={shown} />
    </ChartFigure>
  );
}
