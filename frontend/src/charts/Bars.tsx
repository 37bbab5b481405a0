import { useT } from '../i18n/useT';
import { TimeTicks, ValueGrid } from './Axes';
import { breakLines, breakTexts, placeBreaks, withBreaks } from './breaks';
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
import { Plot, type Reading } from './Plot';
import { linearAxis, type ValueAxis } from './scale';
import type { BarsProps } from './types';
import { useWidth } from './useWidth';

interface Drawn {
  box: Frame;
  axis: TimeAxis;
  values: ValueAxis;
}

function useDrawn(props: BarsProps, width: number): Drawn {
  const { locale } = useT();
  const { buckets, timeZone, reference, height = 220 } = props;
  const level = reference?.value ?? null;
  const own = [...buckets.map((b) => b.value), level];
  const box = frame(width, height, reference ? 'labels' : 'none');
  return {
    box,
    axis: timeAxis(buckets, box, timeZone, tag(locale)),
    values: linearAxis([...own, ...reachable(limitsOf(props.control, buckets), own)], 'count', box.plotHeight),
  };
}

function Columns({ props, drawn }: { props: BarsProps; drawn: Drawn }) {
  const { axis, values, box } = drawn;
  return (
    <>
      {props.buckets.map((b, i) => {
        if (b.value === null) return null;
        const slot = axis.slots[i]!;
        const inset = Math.min(4, (slot.end - slot.start) * 0.15);
        const y = values.y(b.value);
        return (
          <rect
            key={b.from}
            className={b.complete ? classes.bar : classes.hollowBar}
            x={slot.start + inset}
            y={y}
            width={Math.max(1, slot.end - slot.start - 2 * inset)}
            height={box.plotHeight - y}
          />
        );
      })}
    </>
  );
}

function Reference({ reference, drawn }: { reference: { value: number; label: string }; drawn: Drawn }) {
  const y = drawn.values.y(reference.value);
  return (
    <g className={classes.axis}>
      <line className={classes.reference} x1={0} x2={drawn.box.plotWidth} y1={y} y2={y} />
      <text x={drawn.box.plotWidth + 6} y={y} dy="0.32em">
        {reference.label}
      </text>
    </g>
  );
}

function useReading(props: BarsProps): (index: number) => Reading {
  const { t, locale } = useT();
  return (index) => {
    const b = props.buckets[index]!;
    const value =
      b.value === null
        ? t('chart.no_value')
        : `${formatValue(b.value, 'count', t, locale)} ${props.valueLabel}`;
    const said = signalsOf(props.control, b).map((signal) => signal.text);
    const lines = [value, ...said, ...breakLines({ ...props, spans: props.buckets, t, locale }, index)];
    if (!b.complete) lines.push(t('chart.incomplete'));
    return { heading: spanText(b, props.timeZone, locale), lines };
  };
}

function useTables(props: BarsProps): { table: Table; readable: Table } {
  const { t, locale } = useT();
  const table = {
    columns: [t('chart.column_from'), t('chart.column_to'), t('chart.column_complete'), props.valueLabel],
    rows: props.buckets.map((b) => [b.from, b.to, String(b.complete), b.value]),
  };
  const rows = props.buckets.map((b) => {
    const name = spanText(b, props.timeZone, locale);
    return [b.complete ? name : `${name} (${t('chart.incomplete')})`, b.value];
  });
  const words = { ...props, spans: props.buckets, t, locale };
  const limits = { lower: t('chart.column_lower'), upper: t('chart.column_upper'), signal: t('chart.column_signal') };
  const show = (v: number) => formatValue(v, 'count', t, locale);
  return {
    table: withBreaks(withControl(table, props.control, props.buckets, limits, (v) => v), words),
    readable: withBreaks(
      withControl({ columns: [t('chart.period'), props.valueLabel], rows }, props.control, props.buckets, limits, show),
      words,
    ),
  };
}

function Picture(props: BarsProps) {
  const { title, timeZone, buckets, reference } = props;
  const { t, locale } = useT();
  const [ref, width] = useWidth<HTMLDivElement>(640);
  const drawn = useDrawn(props, width);
  const read = useReading(props);
  const { box, axis, values } = drawn;
  const format = (v: number) => formatValue(v, 'count', t, locale);
  const description = describe(
    { label: title, spans: buckets, values: buckets.map((b) => b.value), timeZone, locale, format },
    t,
  );
  const empty = buckets.every((b) => b.value === null);
  const said = `${signalTexts(props.control, buckets, timeZone, locale)} ${breakTexts({ ...props, spans: props.buckets, t, locale })}`.trim();
  return (
    <div ref={ref}>
      <Plot title={title} description={`${description} ${said}`.trim()} box={box} axis={axis} read={read}>
        {!empty && <ValueGrid axis={values} box={box} label={axisLabel(values, 'count', t, locale)} />}
        <Columns props={props} drawn={drawn} />
        {reference && !empty && <Reference reference={reference} drawn={drawn} />}
        {!empty && <ControlLines layer={props.control} spans={buckets} axis={axis} values={values} />}
        <Signals layer={props.control} spans={buckets} axis={axis} values={values} at={(i) => buckets[i]?.value ?? null} />
        {!empty && <BreakMarks breaks={placeBreaks(props.breaks, buckets, axis)} box={box} />}
        <TimeTicks axis={axis} box={box} />
        {empty && <NoData box={box} />}
      </Plot>
    </div>
  );
}

/** C8: counts per span from a zero line; a span that has not ended is hollow. */
export function Bars(props: BarsProps) {
  const { table, readable } = useTables(props);
  return (
    <ChartFigure {...props} table={table} readable={readable}>
      <Picture {...props} />
    </ChartFigure>
  );
}
