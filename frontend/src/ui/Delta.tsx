import type { ControlVerdict, MetricChange } from '../api/types';
import { useT } from '../i18n/useT';
import { formatChange } from './format';
import styles from './ui.module.css';

/** A change below this size is never called clear. */
export const clearChange = 0.05;

export type Reading = 'better' | 'worse' | 'higher' | 'lower' | 'unclear' | 'undefined' | 'few';

/**
 * Reads a comparison: only a significant change of at least 5 %, or from zero,
 * has a direction. Null where there is nothing to compare.
 */
export function readingOf(change: MetricChange | null | undefined): Reading | null {
  if (!change || change.absolute === null || change.direction === 'no_value') return null;
  if (change.reason === 'definition_changed') return 'undefined';
  const large = change.relative === null ? change.absolute !== 0 : Math.abs(change.relative) >= clearChange;
  if (!change.significant || !large || change.direction === 'no_clear_change') return 'unclear';
  return change.direction;
}

const arrows = { up: 'M5 1 9 9H1Z', down: 'M5 9 1 1h8Z', flat: 'M1.5 2.5h7v5h-7Z', none: 'M1 4.2h8v1.6H1Z' } as const;

function Marked({ reading, shape, full, text }: { reading: Reading; shape: keyof typeof arrows; full: string; text: string }) {
  return (
    <span className={styles.delta} data-reading={reading} title={full}>
      <svg viewBox="0 0 10 10" width="9" height="9" aria-hidden="true">
        <path d={arrows[shape]} fill="currentColor" />
      </svg>
      <span aria-hidden="true">{text}</span>
      <span className="ek-hidden">{full}</span>
    </span>
  );
}

const asked = { better: true, worse: true, higher: true, lower: true } as const;

/** A change against the period before: always a shape and a word; a colour only where it is clear. */
export function Delta({ change }: { change: MetricChange | null | undefined }) {
  const { t, locale } = useT();
  const reading = readingOf(change);
  if (!reading || !change) return null;
  const word = t(`delta.${reading}`);
  const up = (change.absolute ?? 0) > 0;
  const size = change.relative === null ? null : formatChange(change.relative, locale);
  const direction = t(up ? 'delta.up' : 'delta.down');
  const clear = reading in asked;
  const judged = reading !== 'higher' && reading !== 'lower';
  const moved = size === null ? t('delta.from_zero', { direction }) : t('delta.moved', { change: size, direction });
  const why = change.reason && change.reason !== 'no_value' ? t(`delta.why.${change.reason}`) : '';
  const full = [moved + (judged ? `: ${word}` : ''), why].filter(Boolean).join('. ');
  const shape = clear ? (up ? 'up' : 'down') : reading === 'undefined' ? 'none' : 'flat';
  return <Marked reading={reading} shape={shape} full={full} text={clear && size !== null ? `${size} ${word}` : word} />;
}

/** The verdict of a weekly chart: a shape and a word. */
export function Verdict({ verdict, up, full }: { verdict: ControlVerdict; up: boolean; full: string }) {
  const { t } = useT();
  const reading: Reading = verdict === 'no_clear_change' ? 'unclear' : verdict === 'too_few' ? 'few' : verdict;
  const shape = reading === 'unclear' ? 'flat' : reading === 'few' ? 'none' : up ? 'up' : 'down';
  const word = t(`delta.${reading}`);
  return <Marked reading={reading} shape={shape} full={`${word}. ${full}`} text={word} />;
}
