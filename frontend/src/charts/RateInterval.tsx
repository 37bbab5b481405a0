import { useT } from '../i18n/useT';
import { formatNumber } from '../ui/format';
import { TimeTicks, ValueGrid } from './Axes';
import { breakLines, breakTexts, interrupted, placeBreaks, withBreaks, type PlacedBreak } from './breaks';
import { BreakMarks } from './BreakMarks';
import { ChartFigure } from './ChartFigure';
import classes from './charts.module.css';
import type { Table } from './csv';
import { limitsOf, reachable, signalsOf, signalTexts, withControl } from './control';
import { ControlLines, Signals } from './ControlLines';
import { describe } from './describe';
import { axisLabel, formatValue, spanText, tag } from './format';
import { frame, timeAxis, type Frame, type TimeAxis } from './layout';
import { NoData } from './NoData';
import { areaPath, linePath, splitIncomplete, type Point, type RangePoint } from './path';
import { Plot, type Reading } from './Plot';
import { linearAxis, type ValueAxis } from './scale';
import type { RateBucket, RateIntervalProps } from './types';
import { useWidth } from './useWidth';

/** A proportion of fewer cases says little; its point is hollow and has no band. */
const enough = 5;
/** Height of the bars of counts beneath the rates. */
const countsHeight = 36;
const countsGap = 24;

interface Drawn {
  buckets: RateBucket[];
  box: Frame;
  axis: TimeAxis;
  rates: ValueAxis;
  counts: ValueAxis;
  rateHeight: number;
  breaks: PlacedBreak[];
}

const gap = (x: number): Point => ({ x, y: null });

function useDrawn(props: RateIntervalProps, width: number): Drawn {
  const { locale } = useT();
  const { buckets, timeZone, height = 280 } = props;
  const box = frame(width, height, 'none');
  const rateHeight = box.plotHeight - countsHeight - countsGap;
  const own = buckets.flatMap((b) => [b.value, b.n >= enough ? b.high : null]);
  const shown = [...own, ...reachable(limitsOf(props.control, buckets), own)];
  const axis = timeAxis(buckets, box, timeZone, tag(locale));
  return {
    buckets,
    box,
    axis,
    breaks: placeBreaks(props.breaks, buckets, axis),
    rates: linearAxis(shown, 'share', rateHeight),
    counts: linearAxis(buckets.map((b) => b.n), 'count', countsHeight),
    rateHeight,
  };
}

function Interval({ drawn }: { drawn: Drawn }) {
  const { buckets, axis, rates } = drawn;
  const all = buckets.map((b, i): RangePoint => {
    const known = b.n >= enough && b.low !== null && b.high !== null;
    return {
      x: axis.slots[i]!.middle,
      low: known ? rates.y(b.low!) : null,
      high: known ? rates.y(b.high!) : null,
    };
  });
  const range = interrupted(all, drawn.breaks, (x) => ({ x, low: null, high: null }));
  const low = (i: number) => range[i]?.low ?? null;
  const alone = (i: number) => low(i - 1) === null && low(i + 1) === null;
  return (
    <>
      <path className={classes.inner} d={areaPath(range)} />
      {range.map((r, i) =>
        r.low !== null && r.high !== null && alone(i) ? (
          <line key={r.x} className={classes.whisker} x1={r.x} x2={r.x} y1={r.low} y2={r.high} />
        ) : null,
      )}
    </>
  );
}

function Rates({ drawn }: { drawn: Drawn }) {
  const { buckets, axis, rates } = drawn;
  const line = buckets.map((b, i) => ({
    x: axis.slots[i]!.middle,
    y: b.value === null ? null : rates.y(b.value),
  }));
  const [whole, rest] = splitIncomplete(
    line,
    buckets.map((b) => b.complete),
  );
  return (
    <>
      <path className={classes.line} d={linePath(interrupted(whole, drawn.breaks, gap))} />
      {rest.length > 0 && <path className={classes.open} d={linePath(interrupted(rest, drawn.breaks, gap))} />}
      {buckets.map((b, i) => {
        const { x, y } = line[i]!;
        if (y === null) return null;
        const hollow = b.n < enough || !b.complete;
        return <circle key={b.from} className={hollow ? classes.hollow : classes.dot} cx={x} cy={y} r={3.5} />;
      })}
    </>
  );
}

function Counts({ drawn, label }: { drawn: Drawn; label: string }) {
  const { locale } = useT();
  const { buckets, axis, counts, rateHeight, box } = drawn;
  const most = Math.max(...buckets.map((b) => b.n));
  return (
    <g transform={`translate(0,${rateHeight + countsGap})`}>
      {buckets.map((b, i) => {
        const slot = axis.slots[i]!;
        const inset = Math.min(2, (slot.end - slot.start) * 0.15);
        const y = counts.y(b.n);
        return (
          <rect
            key={b.from}
            className={b.complete ? classes.countBar : classes.hollowCount}
            x={slot.start + inset}
            y={y}
            width={Math.max(1, slot.end - slot.start - 2 * inset)}
            height={countsHeight - y}
          />
        );
      })}
      <g className={classes.axis}>
        <text x={-8} y={4} dy="0.32em" textAnchor="end">
          {formatNumber(most, locale)}
        </text>
        <text x={box.plotWidth} y={-6} textAnchor="end">
          {label}
        </text>
      </g>
    </g>
  );
}

function useReading(props: RateIntervalProps): (index: number) => Reading {
  const { t, locale } = useT();
  const show = (v: number) => formatValue(v, 'share', t, locale);
  return (index) => {
    const b = props.buckets[index]!;
    const lines = [b.value === null ? t('chart.no_value') : show(b.value)];
    lines.push(t('chart.of', { events: b.events, n: b.n, what: props.countLabel }));
    if (b.n >= enough && b.low !== null && b.high !== null) {
      lines.push(t('chart.interval', { low: show(b.low), high: show(b.high) }));
    }
    if (b.n > 0 && b.n < enough) lines.push(t('chart.too_few', { n: b.n }));
    lines.push(...signalsOf(props.control, b).map((signal) => signal.text));
    lines.push(...breakLines({ ...props, spans: props.buckets, t, locale }, index));
    if (!b.complete) lines.push(t('chart.incomplete'));
    return { heading: spanText(b, props.timeZone, locale), lines };
  };
}

function useTables(props: RateIntervalProps): { table: Table; readable: Table } {
  const { t, locale } = useT();
  const show = (v: number | null) => (v === null ? null : formatValue(v, 'share', t, locale));
  const names = ['rate', 'low', 'high', 'events', 'n'] as const;
  const figures = names.map((name) => t(`chart.column_${name}`));
  const table = {
    columns: [t('chart.column_from'), t('chart.column_to'), t('chart.column_complete'), ...figures],
    rows: props.buckets.map((b) => [
      b.from, b.to, String(b.complete), b.value, b.low, b.high, b.events, b.n,
    ]),
  };
  const rows = props.buckets.map((b) => {
    const name = spanText(b, props.timeZone, locale);
    const period = b.complete ? name : `${name} (${t('chart.incomplete')})`;
    return [period, show(b.value), show(b.low), show(b.high), b.events, b.n];
  });
  const words = { ...props, spans: props.buckets, t, locale };
  const limits = { lower: t('chart.column_lower'), upper: t('chart.column_upper'), signal: t('chart.column_signal') };
  return {
    table: withBreaks(withControl(table, props.control, props.buckets, limits, (v) => v), words),
    readable: withBreaks(
      withControl({ columns: [t('chart.period'), ...figures], rows }, props.control, props.buckets, limits, show),
      words,
    ),
  };
}

function Picture(props: RateIntervalProps) {
  const { title, timeZone, countLabel, buckets } = props;
  const { t, locale } = useT();
  const [ref, width] = useWidth<HTMLDivElement>(640);
  const drawn = useDrawn(props, width);
  const read = useReading(props);
  const { box, axis, rates } = drawn;
  const format = (v: number) => formatValue(v, 'share', t, locale);
  const description = describe(
    { label: title, spans: buckets, values: buckets.map((b) => b.value), timeZone, locale, format },
    t,
  );
  const marks = (i: number) => {
    const value = buckets[i]?.value;
    return value === null || value === undefined ? [] : [rates.y(value)];
  };
  const empty = buckets.every((b) => b.value === null);
  const said = `${signalTexts(props.control, buckets, timeZone, locale)} ${breakTexts({ ...props, spans: props.buckets, t, locale })}`.trim();
  return (
    <div ref={ref}>
      <Plot title={title} description={`${description} ${said}`.trim()} box={box} axis={axis} read={read} marks={marks}>
        {!empty && <ValueGrid axis={rates} box={box} label={axisLabel(rates, 'share', t, locale)} />}
        <Interval drawn={drawn} />
        {!empty && <ControlLines layer={props.control} spans={buckets} axis={axis} values={rates} />}
        <Rates drawn={drawn} />
        <Signals layer={props.control} spans={buckets} axis={axis} values={rates} at={(i) => buckets[i]?.value ?? null} />
        {!empty && <Counts drawn={drawn} label={countLabel} />}
        {!empty && <BreakMarks breaks={drawn.breaks} box={box} />}
        <TimeTicks axis={axis} box={box} />
        {empty && <NoData box={box} />}
      </Plot>
    </div>
  );
}

/**
 * C3: a proportion span by span with its 80 % Wilson interval as a band and
 * the number of cases beneath. Fewer than 5 cases are hollow, without a band.
 */
export function RateInterval(props: RateIntervalProps) {
  const { table, readable } = useTables(props);
  return (
    <ChartFigure {...props} table={table} readable={readable}>
      <Picture {...props} />
    </ChartFigure>
  );
}
