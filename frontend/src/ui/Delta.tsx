import type { MetricChange } from '../api/types';
import { useT } from '../i18n/useT';
import { formatChange } from './format';
import styles from './ui.module.css';

/** A change below this size is never called clear. */
export const clearChange = 0.05;

export type Reading = 'better' | 'worse' | 'higher' | 'lower' | 'unclear';

/** Reads a comparison: only a significant change of at least 5 % has a direction. */
export function readingOf(change: MetricChange | null | undefined): Reading | null {
  if (!change || change.relative === null || change.direction === 'no_value') return null;
  const clear = change.significant && Math.abs(change.relative) >= clearChange;
  if (!clear || change.direction === 'no_clear_change') return 'unclear';
  return change.direction;
}

const arrows = { up: 'M5 1 9 9H1Z', down: 'M5 9 1 1h8Z', flat: 'M1.5 2.5h7v5h-7Z' } as const;

/** A change against the period before: arrow, percent and a word. */
export function Delta({ change, words = true }: { change: MetricChange | null | undefined; words?: boolean }) {
  const { t, locale } = useT();
  const reading = readingOf(change);
  if (!reading || !change || change.relative === null) return null;
  const size = formatChange(change.relative, locale);
  const up = change.relative > 0;
  const word = t(`delta.${reading}`);
  const moved = { change: size, direction: t(up ? 'delta.up' : 'delta.down') };
  const judged = reading !== 'higher' && reading !== 'lower';
  const full = judged ? t('delta.full', { ...moved, word }) : t('delta.moved', moved);
  const shape = reading === 'unclear' ? 'flat' : up ? 'up' : 'down';
  return (
    <span className={styles.delta} data-reading={reading} title={full}>
      <svg viewBox="0 0 10 10" width="9" height="9" aria-hidden="true">
        <path d={arrows[shape]} fill="currentColor" />
      </svg>
      <span aria-hidden="true">
        {reading === 'unclear' ? (words ? word : size) : words ? `${size} ${word}` : size}
      </span>
      <span className="ek-hidden">{full}</span>
    </span>
  );
}
