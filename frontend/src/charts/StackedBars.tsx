import { useT } from '../i18n/useT';
import { formatNumber } from '../ui/format';
import { TimeTicks, ValueGrid } from './Axes';
import { ChartFigure } from './ChartFigure';
import classes from './charts.module.css';
import type { Table } from './csv';
import { describe } from './describe';
import { axisLabel, spanText, tag } from './format';
import { frame, timeAxis, type Frame, type TimeAxis } from './layout';
import { NoData } from './NoData';
import { Plot, type Reading } from './Plot';
import { linearAxis, type ValueAxis } from './scale';
import type { StackBucket, StackedBarsProps } from './types';
import { useWidth } from './useWidth';

interface Drawn {
  box: Frame;
  axis: TimeAxis;
  values: ValueAxis;
}

/** All that one bar counts. */
function total(bucket: StackBucket): number {
  return bucket.values.reduce((sum, value) => sum + value, 0);
}

function useDrawn(props: StackedBarsProps, width: number): Drawn {
  const { locale } = useT();
  const { buckets, timeZone, height = 180 } = props;
  const box = frame(width, height, 'none');
  return {
    box,
    axis: timeAxis(buckets, box, timeZone, tag(locale)),
    values: linearAxis(buckets.map(total), 'count', box.plotHeight),
  };
}

/** The parts of one bar from the zero line upwards, without those that are nothing. */
function parts(bucket: StackBucket): { index: number; from: number; to: number }[] {
  let sum = 0;
  return bucket.values.flatMap((value, index) => {
    const from = sum;
    sum += value;
    return value > 0 ? [{ index, from, to: sum }] : [];
  });
}

function Columns({ props, drawn }: { props: StackedBarsProps; drawn: Drawn }) {
  const { axis, values } = drawn;
  return (
    <>
      {props.buckets.map((bucket, i) => {
        const slot = axis.slots[i]!;
        const inset = Math.min(4, (slot.end - slot.start) * 0.12);
        return parts(bucket).map(({ index, from, to }) => (
          <rect
            key={`${bucket.from} ${props.series[index]?.id}`}
            className={classes.stack}
            data-colour={props.series[index]?.colour}
            data-open={bucket.complete ? undefined : ''}
            x={slot.start + inset}
            y={values.y(to)}
            width={Math.max(1, slot.end - slot.start - 2 * inset)}
            height={Math.max(0.75, values.y(from) - values.y(to))}
          />
        ));
      })}
    </>
  );
}

function useReading(props: StackedBarsProps): (index: number) => Reading {
  const { t, locale } = useT();
  const { buckets, series, timeZone, valueLabel } = props;
  return (index) => {
    const bucket = buckets[index]!;
    const lines = parts(bucket)
      .toReversed()
      .map((part) => `${series[part.index]?.label}: ${formatNumber(part.to - part.from, locale)}`);
    const sum = `${formatNumber(total(bucket), locale)} ${valueLabel}`;
    return {
      heading: spanText(bucket, timeZone, locale),
      lines: [sum, ...lines, ...(bucket.complete ? [] : [t('chart.incomplete')])],
    };
  };
}

function useTables(props: StackedBarsProps): { table: Table; readable: Table } {
  const { t, locale } = useT();
  const labels = props.series.map((one) => one.label);
  const table = {
    columns: [t('chart.column_from'), t('chart.column_to'), t('chart.column_complete'), ...labels],
    rows: props.buckets.map((b) => [b.from, b.to, String(b.complete), ...b.values]),
  };
  const rows = props.buckets.map((b) => {
    const name = spanText(b, props.timeZone, locale);
    return [b.complete ? name : `${name} (${t('chart.incomplete')})`, ...b.values];
  });
  return { table, readable: { columns: [t('chart.period'), ...labels], rows } };
}

/** What each colour stands for, in the order of the bars from top to bottom, with its total. */
function Legend({ series, buckets }: StackedBarsProps) {
  const { locale } = useT();
  const sums = series.map((_, index) => buckets.reduce((sum, bucket) => sum + (bucket.values[index] ?? 0), 0));
  return (
    <ul className={classes.legend}>
      {series
        .map((one, index) => (
          <li key={one.id}>
            {one.mark ? (
              <span className={classes.legendMark} data-colour={one.colour}>
                {one.mark}
              </span>
            ) : (
              <span className={classes.swatch} data-colour={one.colour} />
            )}
            {one.label}
            <span className={classes.legendCount}>{formatNumber(sums[index]!, locale)}</span>
          </li>
        ))
        .toReversed()}
    </ul>
  );
}

function Picture(props: StackedBarsProps) {
  const { title, timeZone, buckets, onBrush } = props;
  const { t, locale } = useT();
  const [ref, width] = useWidth<HTMLDivElement>(640);
  const drawn = useDrawn(props, width);
  const read = useReading(props);
  const { box, axis, values } = drawn;
  const sums = buckets.map(total);
  const format = (value: number) => formatNumber(value, locale);
  const description = describe({ label: title, spans: buckets, values: sums, timeZone, locale, format }, t);
  const empty = sums.every((sum) => sum === 0);
  const brush = onBrush && ((first: number, last: number) => onBrush(buckets[first]!.from, buckets[last]!.to));
  return (
    <div ref={ref}>
      <Plot title={title} description={description} box={box} axis={axis} read={read} onBrush={brush}>
        {!empty && <ValueGrid axis={values} box={box} label={axisLabel(values, 'count', t, locale)} />}
        <Columns props={props} drawn={drawn} />
        <TimeTicks axis={axis} box={box} />
        {empty && <NoData box={box} />}
      </Plot>
    </div>
  );
}

/** C8: stacked counts per span from a zero line; a span that has not ended is pale and dashed. */
export function StackedBars(props: StackedBarsProps) {
  const { table, readable } = useTables(props);
  return (
    <ChartFigure {...props} table={table} readable={readable}>
      <Legend {...props} />
      <Picture {...props} />
    </ChartFigure>
  );
}
