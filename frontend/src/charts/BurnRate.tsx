import { useT } from '../i18n/useT';
import { formatDateTime, formatNumber } from '../ui/format';
import { TimeTicks, ValueGrid } from './Axes';
import { burnAxis } from './burndown';
import own from './burnrate.module.css';
import { ChartFigure } from './ChartFigure';
import type { Table } from './csv';
import { tag } from './format';
import { spread } from './labels';
import { frame, type Frame } from './layout';
import { NoData } from './NoData';
import { linePath, lonePoints } from './path';
import { Plot, type Reading } from './Plot';
import { linearAxis } from './scale';
import type { ChartProps } from './types';
import { useWidth } from './useWidth';

/** How fast a budget burns, looking back over one length of time. */
export interface BurnSeries {
  /** "1h" */
  lookback: string;
  /** 1 spends the budget evenly over the window; null where nothing is known. */
  points: readonly { at: string; burn: number | null }[];
}

/** A burn above which somebody is told. */
export interface BurnThreshold {
  factor: number;
  /** "page 14.4" */
  label: string;
}

export interface BurnRateProps extends ChartProps {
  series: readonly BurnSeries[];
  thresholds: readonly BurnThreshold[];
}

/** Series beyond this have no line of their own kind. */
const kinds = 5;

/** The thresholds that fit without flattening the lines: those near what was reached, at least the lowest. */
export function thresholdsInSight(thresholds: readonly BurnThreshold[], most: number): BurnThreshold[] {
  const sorted = thresholds.toSorted((a, b) => a.factor - b.factor);
  const reach = Math.max(most, 1) * 1.5;
  return sorted.filter(({ factor }, i) => i === 0 || factor <= reach);
}

/** All instants of all series, in order. */
export function instantsOf(series: readonly BurnSeries[]): string[] {
  return [...new Set(series.flatMap(({ points }) => points.map(({ at }) => at)))].toSorted((a, b) => Date.parse(a) - Date.parse(b));
}

function burnAt({ points }: BurnSeries, at: string): number | null {
  return points.find((point) => point.at === at)?.burn ?? null;
}

function useReading(props: BurnRateProps, instants: readonly string[]): (index: number) => Reading {
  const { t, locale } = useT();
  return (index) => {
    const at = instants[index]!;
    const lines = props.series.map((one) => {
      const burn = burnAt(one, at);
      const value = burn === null ? t('chart.no_value') : t('burnrate.times', { value: formatNumber(burn, locale, burn < 10 ? 2 : 1) });
      return `${one.lookback}: ${value}`;
    });
    return { heading: formatDateTime(at, locale, props.timeZone), lines };
  };
}

function useTables(props: BurnRateProps, instants: readonly string[]): { table: Table; readable: Table } {
  const { t, locale } = useT();
  const columns = [t('burndown.column.at'), ...props.series.map(({ lookback }) => t('burnrate.over', { lookback }))];
  const rows = instants.map((at) => [at, ...props.series.map((one) => burnAt(one, at))]);
  const show = (value: string | number | null) => (typeof value === 'number' ? formatNumber(value, locale, 2) : value);
  const readable = rows.map(([at, ...burns]) => [formatDateTime(String(at), locale, props.timeZone), ...burns.map(show)]);
  return { table: { columns, rows }, readable: { columns, rows: readable } };
}

interface LabelsProps {
  wanted: { id: string; y: number; text: string }[];
  box: Frame;
}

/** Texts at the right of the plot, kept apart. */
function Labels({ wanted, box }: LabelsProps) {
  return (
    <g className={own.words}>
      {spread(wanted, 13, 4, box.plotHeight - 4).map(({ id, placed }) => (
        <text key={id} x={box.plotWidth + 6} y={placed} dy="0.32em" data-kind={id.startsWith('threshold') ? undefined : id}>
          {wanted.find((one) => one.id === id)?.text}
        </text>
      ))}
    </g>
  );
}

function Picture(props: BurnRateProps) {
  const { t, locale } = useT();
  const [ref, width] = useWidth<HTMLDivElement>(640);
  const { title, series, timeZone, height = 260 } = props;
  const instants = instantsOf(series);
  const read = useReading(props, instants);
  const all = series.flatMap(({ points }) => points.map(({ burn }) => burn));
  const most = Math.max(0, ...all.filter((burn) => burn !== null));
  const thresholds = thresholdsInSight(props.thresholds, most);
  const box = frame(width, height, 'labels');
  const stretch = { from: Date.parse(instants[0] ?? ''), to: Date.parse(instants.at(-1) ?? ''), now: 0 };
  const { x, axis } = burnAxis(stretch, instants, box, timeZone, tag(locale));
  const values = linearAxis([...all, 1, ...thresholds.map(({ factor }) => factor)], 'count', box.plotHeight);
  const empty = all.every((burn) => burn === null);
  const said = series.map(({ lookback, points }) => {
    const latest = points.findLast(({ burn }) => burn !== null)?.burn ?? null;
    return t('burnrate.describe', { lookback, value: latest === null ? t('chart.no_value') : formatNumber(latest, locale, 2) });
  });
  const wanted = [
    { id: 'threshold even', y: values.y(1), text: t('burnrate.even') },
    ...thresholds.map(({ factor, label }) => ({ id: `threshold ${label}`, y: values.y(factor), text: label })),
  ];
  return (
    <div ref={ref}>
      <Plot title={title} description={said.join(' ')} box={box} axis={axis} read={read} marks={(i) => series.flatMap((one) => burnAt(one, instants[i]!) ?? []).map(values.y)}>
        <ValueGrid axis={values} box={box} label={(value) => formatNumber(value, locale, 1)} />
        <line className={own.one} x2={box.plotWidth} y1={values.y(1)} y2={values.y(1)} />
        {thresholds.map(({ factor, label }) => (
          <line key={label} className={own.threshold} x2={box.plotWidth} y1={values.y(factor)} y2={values.y(factor)} />
        ))}
        {series.slice(0, kinds).map(({ lookback, points }, i) => {
          const places = points.map(({ at, burn }) => ({ x: x(at), y: burn === null ? null : values.y(burn) }));
          return (
            <g key={lookback} data-kind={i + 1} className={own.lines}>
              <path d={linePath(places)} />
              {lonePoints(places).map((point) => (
                <circle key={point.x} cx={point.x} cy={point.y!} r={2.5} />
              ))}
            </g>
          );
        })}
        <Labels wanted={wanted} box={box} />
        <TimeTicks axis={axis} box={box} />
        {empty && <NoData box={box} />}
      </Plot>
      <ul className={own.legend}>
        {series.slice(0, kinds).map(({ lookback }, i) => (
          <li key={lookback}>
            <svg className={own.lines} viewBox="0 0 22 8" data-kind={i + 1} aria-hidden="true">
              <path d="M0 4H22" />
            </svg>
            {t('burnrate.over', { lookback })}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Burn rates over several lengths of time, with even spending and the thresholds of alerts. */
export function BurnRate(props: BurnRateProps) {
  const { table, readable } = useTables(props, instantsOf(props.series));
  return (
    <ChartFigure {...props} table={table} readable={readable}>
      <Picture {...props} />
    </ChartFigure>
  );
}
