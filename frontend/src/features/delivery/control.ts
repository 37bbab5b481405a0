import type { Control, ControlSignal } from '../../api/types';
import type { ControlLayer, SignalMark } from '../../charts';
import type { Translate } from '../../i18n/useT';
import { formatDate, formatLastDay } from '../../ui/format';

interface Words {
  readonly t: Translate;
  readonly locale: string;
  readonly timeZone: string;
}

const tones = { better: 'good', worse: 'bad', higher: 'neutral', lower: 'neutral' } as const;

/** What the weekly chart of a figure is made from and what it found, in words. */
export function controlNote(control: Control, { t, locale, timeZone }: Words): string {
  const { weeks, from, to } = control.baseline;
  if (control.state === 'silent') return control.reason ? t(`control.silent.${control.reason}`, { weeks }) : '';
  const made = t(`control.${control.state}`, { weeks, from: formatDate(from, locale, timeZone), to: formatLastDay(to, locale, timeZone) });
  const shift = lastShift(control);
  const outside = control.signals.filter((signal) => signal.rule === 'beyond_limits').length;
  const count = control.found === 'stable' ? control.judged : outside;
  const found =
    control.found === 'silent'
      ? ''
      : t(`control.found.${control.found}`, {
          count,
          since: shift?.since ? formatDate(shift.since, locale, timeZone) : '',
          word: shift ? t(`delta.${shift.direction}`) : '',
        });
  return [made, found, control.points.length === 0 ? t('control.weeks_only') : ''].filter(Boolean).join(' ');
}

function lastShift(control: Control): ControlSignal | undefined {
  return control.signals.findLast((signal) => signal.rule === 'shift');
}

/** Whether the level moved up; what has not moved has no direction. */
export function movedUp(control: Control): boolean {
  return lastShift(control)?.side === 'above';
}

function mark(signal: ControlSignal, { t, locale, timeZone }: Words): SignalMark {
  const word = t(`delta.${signal.direction}`);
  const since = signal.since ? formatDate(signal.since, locale, timeZone) : '';
  return {
    from: signal.at,
    rule: signal.rule,
    side: signal.side,
    tone: tones[signal.direction],
    word,
    text: t(`control.signal.${signal.rule}`, { word, since }),
  };
}

/** The limits and signals that a chart draws; a figure without a chart has none. */
export function controlLayer(control: Control | null | undefined, words: Words): ControlLayer | undefined {
  if (!control) return undefined;
  return {
    provisional: control.state === 'provisional',
    note: controlNote(control, words),
    signals: control.points.length > 0 ? control.signals.map((signal) => mark(signal, words)) : [],
    limits: control.points.flatMap(({ from, centre, lower, upper }) =>
      centre === null || lower === null || upper === null ? [] : [{ from, centre, lower, upper }],
    ),
  };
}
