import { useT } from '../i18n/useT';
import type { PlacedBreak } from './breaks';
import classes from './charts.module.css';
import type { Frame } from './layout';

/** A word needs this much room before the next one, in pixels. */
const room = 78;

/** Which marks carry their word: each that is far enough from the word before. */
function worded(breaks: readonly PlacedBreak[]): Set<PlacedBreak> {
  const chosen: PlacedBreak[] = [];
  for (const one of breaks) {
    const last = chosen.at(-1);
    if (!last || one.x - last.x >= room) chosen.push(one);
  }
  return new Set(chosen);
}

/** Where other rules begin: a thin upright line with a flag and, where there is room, a word. */
export function BreakMarks({ breaks, box }: { breaks: readonly PlacedBreak[]; box: Frame }) {
  const { t } = useT();
  if (breaks.length === 0) return null;
  const words = worded(breaks);
  return (
    <g className={classes.breaks}>
      {breaks.map((one) => {
        const flip = one.x > box.plotWidth - room;
        return (
          <g key={one.at.at} transform={`translate(${one.x.toFixed(1)},0)`}>
            <line y1={-8} y2={box.plotHeight} />
            <path d="M0-8H8L5.5-4.5L8-1H0Z" transform={flip ? 'scale(-1,1)' : undefined} />
            {words.has(one) && (
              <text x={flip ? -11 : 11} y={-4.5} dy="0.32em" textAnchor={flip ? 'end' : undefined}>
                {t('chart.break', { version: one.at.version })}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}
