import classes from './charts.module.css';
import { limitsOf, namedSignals, placeWords, signalsOf, type Mark } from './control';
import type { TimeAxis } from './layout';
import type { ValueAxis } from './scale';
import type { ControlLayer, Span } from './types';

interface ControlLinesProps {
  layer: ControlLayer | undefined;
  spans: readonly Span[];
  axis: TimeAxis;
  values: ValueAxis;
}

/** A line with a step for each span, broken where a span has no limit or the axis does not reach it. */
export function stepPath(levels: readonly (number | null)[], axis: TimeAxis, values: ValueAxis): string {
  let path = '';
  let drawn = false;
  levels.forEach((level, i) => {
    const slot = axis.slots[i];
    if (level === null || !slot || level > values.high) {
      drawn = false;
      return;
    }
    const y = values.y(level).toFixed(1);
    path += `${drawn ? 'L' : 'M'}${slot.start.toFixed(1)} ${y}L${slot.end.toFixed(1)} ${y}`;
    drawn = true;
  });
  return path;
}

/** The centre and the limits of a chart; dashed where they are provisional. */
export function ControlLines({ layer, spans, axis, values }: ControlLinesProps) {
  if (!layer || layer.limits.length === 0) return null;
  const limits = limitsOf(layer, spans);
  return (
    <g className={classes.limits} data-provisional={layer.provisional || undefined}>
      {(['centre', 'lower', 'upper'] as const).map((name) => (
        <path
          key={name}
          className={name === 'centre' ? classes.centre : classes.limit}
          d={stepPath(limits.map((limit) => (limit && (name !== 'lower' || limit.lower > 0) ? limit[name] : null)), axis, values)}
        />
      ))}
    </g>
  );
}

const shapes = {
  beyond_limits: 'M0-5.5L5.5 0L0 5.5L-5.5 0Z',
  above: 'M0-5.5L5.5 4.5H-5.5Z',
  below: 'M0 5.5L5.5-4.5H-5.5Z',
} as const;

/** The signals: a diamond outside the limits, a triangle where the level moved, and words at the strongest that have place. */
export function Signals({ layer, spans, axis, values, at }: ControlLinesProps & { at: (index: number) => number | null }) {
  if (!layer) return null;
  const bottom = values.y(values.low);
  const marks = spans.flatMap((span, i): Mark[] => {
    const value = at(i);
    const slot = axis.slots[i];
    const signals = signalsOf(layer, span);
    if (value === null || !slot || signals.length === 0) return [];
    const up = signals[0]!.side === 'above';
    const y = values.y(value);
    return [{ x: slot.middle, y: up ? Math.max(y - 12, 7) : Math.min(y + 12, bottom - 7), step: up ? 12 : -12, signals }];
  });
  const words = placeWords(marks, namedSignals(layer.signals), axis.slots.at(-1)?.end ?? 0, bottom);
  return (
    <g className={classes.signals}>
      {marks.map((mark) => {
        const word = words.get(mark);
        return (
          <g key={mark.x} data-tone={mark.signals.at(-1)!.tone} transform={`translate(${mark.x.toFixed(1)},${mark.y.toFixed(1)})`}>
            {mark.signals.map((signal, k) => (
              <path
                key={signal.rule}
                d={signal.rule === 'shift' ? shapes[signal.side] : shapes.beyond_limits}
                transform={k > 0 ? `translate(0,${mark.step * k})` : undefined}
              />
            ))}
            {word && (
              <text x={word.x} y={word.y || undefined} dy="0.32em" textAnchor={word.anchor === 'end' ? 'end' : undefined}>
                {word.signal.word}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}
