import classes from './charts.module.css';
import type { Frame, TimeAxis } from './layout';
import type { ValueAxis } from './scale';

interface ValueGridProps {
  axis: ValueAxis;
  box: Frame;
  label: (value: number) => string;
  /** The unit, written once above the axis. */
  unit?: string;
}

/** Horizontal lines with their values. */
export function ValueGrid({ axis, box, label, unit }: ValueGridProps) {
  return (
    <g className={classes.axis}>
      {axis.ticks.map((value) => (
        <g key={value} transform={`translate(0,${axis.y(value).toFixed(1)})`}>
          <line className={classes.grid} x1={0} x2={box.plotWidth} />
          <text x={-8} dy="0.32em" textAnchor="end">
            {label(value)}
          </text>
        </g>
      ))}
      {unit && (
        <text className={classes.unit} x={-box.left + 2} y={-box.top + 8}>
          {unit}
        </text>
      )}
    </g>
  );
}

function anchor(x: number, width: number): 'start' | 'middle' | 'end' {
  if (x < 18) return 'start';
  return x > width - 18 ? 'end' : 'middle';
}

/** The dates beneath the plot. */
export function TimeTicks({ axis, box }: { axis: TimeAxis; box: Frame }) {
  return (
    <g className={classes.axis} transform={`translate(0,${box.plotHeight})`}>
      <line className={classes.base} x1={0} x2={box.plotWidth} />
      {axis.ticks.map((tick) => (
        <g key={tick.at} transform={`translate(${tick.x.toFixed(1)},0)`}>
          <line className={classes.tick} y2={4} />
          <text y={18} textAnchor={anchor(tick.x, box.plotWidth)}>
            {tick.label}
          </text>
        </g>
      ))}
    </g>
  );
}
