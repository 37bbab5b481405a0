import { useEffect, useId, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useT } from '../i18n/useT';
import classes from './charts.module.css';
import { moved, nearest } from './cursor';
import type { Frame, TimeAxis } from './layout';

/** What is read out for one span. */
export interface Reading {
  heading: string;
  lines: string[];
}

interface PlotProps {
  title: string;
  description: string;
  box: Frame;
  axis: TimeAxis;
  /** The text for one span; the same for pointer, keyboard and screen reader. */
  read: (index: number) => Reading;
  /** Marks on the crosshair for one span, in plot coordinates. */
  marks?: (index: number) => number[];
  /** Called with the first and the last span that a mouse or pen drew over. */
  onBrush?: (first: number, last: number) => void;
  /** The picture, in plot coordinates. */
  children: ReactNode;
}

/** Closes the reading on Escape wherever the focus is, as hover content must. */
function useEscape(active: boolean, close: () => void) {
  useEffect(() => {
    if (!active) return undefined;
    const listen = (event: globalThis.KeyboardEvent) => {
      if (event.key === 'Escape') close();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [active, close]);
}

function Tooltip({ reading, x, box, reach }: { reading: Reading; x: number; box: Frame; reach: number }) {
  const flip = x > box.plotWidth / 2;
  const at = box.left + x + (flip ? -reach : reach);
  const side = flip
    ? { right: `${((box.width - at) / box.width) * 100}%` }
    : { left: `${(at / box.width) * 100}%` };
  const room = flip ? at : box.width - at;
  return (
    <div
      className={classes.tooltip}
      style={{ ...side, maxWidth: Math.max(120, room - 4) }}
      aria-hidden="true"
      onPointerMove={(event) => event.stopPropagation()}
      onPointerDown={(event) => event.stopPropagation()}
    >
      <div className={classes.tooltipHeading}>{reading.heading}</div>
      {reading.lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </div>
  );
}

function Crosshair({ x, box, marks }: { x: number; box: Frame; marks: number[] }) {
  return (
    <g className={classes.crosshair} data-transient="">
      <line x1={x} x2={x} y1={0} y2={box.plotHeight} />
      {marks.map((y, i) => (
        // Marks have no identity beyond their order.
        // oxlint-disable-next-line react/no-array-index-key
        <circle key={i} cx={x} cy={y} r={4} />
      ))}
    </g>
  );
}

/** Where a drag began: the span and the pixel. */
interface Held {
  index: number;
  x: number;
}

/** A drag shorter than this is a click. */
const leastDrag = 5;

function Brush({ axis, box, from, to }: { axis: TimeAxis; box: Frame; from: number; to: number }) {
  const first = axis.slots[Math.min(from, to)];
  const last = axis.slots[Math.max(from, to)];
  if (!first || !last) return null;
  return (
    <rect
      className={classes.brush}
      data-transient=""
      x={first.start}
      y={0}
      width={last.end - first.start}
      height={box.plotHeight}
    />
  );
}

/**
 * The picture of a chart with a reading cursor: pointer, touch or arrow keys
 * choose a span, whose values stand in a tooltip and in one status line.
 */
export function Plot(props: PlotProps) {
  const { title, description, box, axis, read, marks, onBrush, children } = props;
  const { t } = useT();
  const id = useId();
  const [chosen, setAt] = useState<number | null>(null);
  const [held, setHeld] = useState<Held | null>(null);
  const at = chosen !== null && chosen < axis.slots.length ? chosen : null;
  useEscape(at !== null, () => {
    setAt(null);
    setHeld(null);
  });

  const point = (event: PointerEvent<HTMLDivElement>) => {
    const area = event.currentTarget.getBoundingClientRect();
    if (area.width === 0) return undefined;
    const x = ((event.clientX - area.left) / area.width) * box.width - box.left;
    const middles = axis.slots.map((s) => s.middle);
    const found = nearest(middles, x);
    setAt(found);
    return found;
  };
  const grasp = (event: PointerEvent<HTMLDivElement>) => {
    const index = point(event);
    if (!onBrush || event.pointerType === 'touch' || event.button !== 0 || typeof index !== 'number') return;
    event.currentTarget.setPointerCapture?.(event.pointerId);
    setHeld({ index, x: event.clientX });
  };
  const release = (event: PointerEvent<HTMLDivElement>) => {
    setHeld(null);
    if (!held || at === null || Math.abs(event.clientX - held.x) < leastDrag) return;
    onBrush?.(Math.min(held.index, at), Math.max(held.index, at));
  };
  const press = (event: KeyboardEvent) => {
    const next = moved(event.key, at, axis.slots.length);
    if (next === undefined) return;
    event.preventDefault();
    setAt(next);
  };

  const slot = at === null ? undefined : axis.slots[at];
  const reading = at === null ? undefined : read(at);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application takes keys
    <div
      className={classes.plot}
      role="application"
      aria-roledescription={t('chart.role')}
      aria-label={title}
      aria-describedby={`${id}-keys`}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- an application takes keys
      tabIndex={0}
      onKeyDown={press}
      onBlur={() => setAt(null)}
      onPointerMove={point}
      onPointerDown={grasp}
      onPointerUp={release}
      onPointerCancel={() => setHeld(null)}
      onPointerLeave={() => setAt(null)}
    >
      <svg
        className={classes.svg}
        viewBox={`0 0 ${box.width} ${box.height}`}
        role="img"
        aria-labelledby={`${id}-title ${id}-desc`}
      >
        <title id={`${id}-title`}>{title}</title>
        <desc id={`${id}-desc`}>{description}</desc>
        <g transform={`translate(${box.left},${box.top})`}>
          {children}
          {held && at !== null && <Brush axis={axis} box={box} from={held.index} to={at} />}
          {slot && at !== null && <Crosshair x={slot.middle} box={box} marks={marks?.(at) ?? []} />}
        </g>
      </svg>
      {slot && reading && (
        <Tooltip
          reading={reading}
          x={slot.middle}
          box={box}
          reach={Math.min(10, (slot.end - slot.start) / 2)}
        />
      )}
      <span id={`${id}-keys`} className={classes.hidden}>
        {t('chart.keys')}
      </span>
      <output className={classes.hidden}>
        {reading ? [reading.heading, ...reading.lines].join(', ') : ''}
      </output>
    </div>
  );
}
