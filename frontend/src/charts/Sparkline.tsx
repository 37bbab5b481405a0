import { useT } from '../i18n/useT';
import classes from './charts.module.css';
import { linePath, lonePoints } from './path';
import { sparkPoints } from './spark';
import type { SparklineProps } from './types';

/**
 * C1: a word-sized trend with its last value marked. Its text names the latest
 * value, so that it says something without being seen. Gaps stay gaps.
 */
export function Sparkline(props: SparklineProps) {
  const { values, label, format, width = 120, height = 24 } = props;
  const { t } = useT();
  const latest = values.findLast((v) => v !== null);
  const text =
    latest === undefined || latest === null
      ? t('chart.spark.empty', { label })
      : t('chart.spark.latest', { label, value: format(latest) });
  const { points: whole, band } = sparkPoints(values, width, height, props.band);
  const points = whole.flatMap((point, i) => (props.cuts?.includes(i) ? [{ x: point.x, y: null }, point] : [point]));
  const end = points.findLast((p) => p.y !== null);
  return (
    <svg
      className={classes.spark}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={text}
    >
      {band && <rect className={classes.band0} y={band.top} width={width} height={band.bottom - band.top} />}
      {end ? (
        <path className={classes.sparkLine} d={linePath(points)} />
      ) : (
        <line className={classes.sparkBase} x1={2} x2={width - 2} y1={height / 2} y2={height / 2} />
      )}
      {lonePoints(points).map((p) => (
        <circle key={p.x} className={classes.dot} cx={p.x} cy={p.y!} r={2} />
      ))}
      {end && (
        <circle
          className={props.incomplete && end === points.at(-1) ? classes.hollow : classes.dot}
          cx={end.x}
          cy={end.y!}
          r={2.5}
        />
      )}
    </svg>
  );
}
