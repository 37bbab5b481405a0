import { ChartFigure } from '../../charts/ChartFigure';
import { TimeTicks, ValueGrid } from '../../charts/Axes';
import { axisLabel, axisUnit, formatValue, tag } from '../../charts/format';
import { frame, timeAxis, type Frame, type TimeAxis } from '../../charts/layout';
import { Plot } from '../../charts/Plot';
import { logAxis, timeScale, type ValueAxis } from '../../charts/scale';
import type { ChartProps } from '../../charts/types';
import { useWidth } from '../../charts/useWidth';
import { useT } from '../../i18n/useT';
import { formatDateTime } from '../../ui/format';
import styles from './flow.module.css';

/** One case: when it ended and how long it took. */
export interface ScatterPoint {
  readonly id: string;
  readonly name: string;
  readonly at: string;
  /** Seconds. */
  readonly value: number;
  /** Drawn stronger than the others. */
  readonly strong: boolean;
}

interface ScatterProps extends ChartProps {
  readonly points: readonly ScatterPoint[];
  /** The window that the time axis shows, RFC 3339. */
  readonly span: { readonly from: string; readonly to: string };
  /** Levels drawn across, in seconds. */
  readonly lines: readonly { readonly label: string; readonly value: number }[];
  readonly valueLabel: string;
  readonly nameLabel: string;
}

interface Drawn {
  points: readonly ScatterPoint[];
  box: Frame;
  axis: TimeAxis;
  values: ValueAxis;
}

/** Half of the width that a point takes on the time axis. */
const reach = 3;

function draw(props: ScatterProps, points: readonly ScatterPoint[], width: number, locale: string): Drawn {
  const box = frame(width, props.height ?? 300, 'labels');
  const ticks = timeAxis([{ ...props.span, complete: true }], box, props.timeZone, tag(locale)).ticks;
  const x = timeScale(Date.parse(props.span.from), Date.parse(props.span.to), box.plotWidth);
  const slots = points.map((point) => {
    const middle = x(Date.parse(point.at));
    return { start: middle - reach, end: middle + reach, middle };
  });
  const values = logAxis([...points.map((point) => point.value), ...props.lines.map((line) => line.value)], box.plotHeight);
  return { points, box, axis: { slots, ticks }, values };
}

function Lines({ drawn, lines }: { drawn: Drawn; lines: ScatterProps['lines'] }) {
  const { t, locale } = useT();
  const { box, values } = drawn;
  return (
    <>
      {lines.map(({ label, value }) => (
        <g key={label} transform={`translate(0,${values.y(value).toFixed(1)})`}>
          <line className={styles.level} x1={0} x2={box.plotWidth} />
          <text className={styles.levelText} x={box.plotWidth + 6} dy="0.32em">
            {`${label} ${formatValue(value, 'seconds', t, locale)}`}
          </text>
        </g>
      ))}
    </>
  );
}

/** Single cases over time on a logarithmic axis, each reachable by keyboard. */
export function Scatter(props: ScatterProps) {
  const { t, locale } = useT();
  const points = props.points.toSorted((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id));
  const show = (value: number) => formatValue(value, 'seconds', t, locale);
  const columns = [t('flow.column.deployed'), props.valueLabel, props.nameLabel];
  const table = { columns, rows: points.map((point) => [point.at, point.value, point.name]) };
  const readable = {
    columns,
    rows: points.map((point) => [formatDateTime(point.at, locale, props.timeZone), show(point.value), point.name]),
  };
  return (
    <ChartFigure {...props} table={table} readable={readable}>
      <Picture {...props} points={points} />
    </ChartFigure>
  );
}

function Picture(props: ScatterProps) {
  const { t, locale } = useT();
  const [ref, width] = useWidth<HTMLDivElement>(640);
  const drawn = draw(props, props.points, width, locale);
  const { points, box, axis, values } = drawn;
  const show = (value: number) => formatValue(value, 'seconds', t, locale);
  const read = (index: number) => {
    const point = points[index]!;
    return { heading: point.name, lines: [show(point.value), formatDateTime(point.at, locale, props.timeZone)] };
  };
  const description = t('flow.scatter.description', {
    n: points.length,
    low: show(Math.min(...points.map((point) => point.value))),
    high: show(Math.max(...points.map((point) => point.value))),
  });
  return (
    <div ref={ref}>
      <Plot title={props.title} description={description} box={box} axis={axis} read={read} marks={(i) => [values.y(points[i]!.value)]}>
        <ValueGrid axis={values} box={box} label={axisLabel(values, 'seconds', t, locale)} unit={axisUnit(values, 'seconds', t)} />
        {points.map((point, i) => (
          <circle key={point.id} className={styles.point} data-strong={point.strong ? '' : undefined} cx={axis.slots[i]!.middle} cy={values.y(point.value)} r={3} />
        ))}
        <Lines drawn={drawn} lines={props.lines} />
        <TimeTicks axis={axis} box={box} />
      </Plot>
    </div>
  );
}
