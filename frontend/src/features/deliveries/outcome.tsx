import type { Translate } from '../../i18n/useT';
import { StateBadge, type Status } from '../../ui/StateBadge';
import { outcomes, type Outcome } from '../../url/state';

const marks: Readonly<Record<Outcome, Status>> = { recorded: 'good', ignored: 'unknown', rejected: 'bad' };

export function isOutcome(text: string): text is Outcome {
  return (outcomes as readonly string[]).includes(text);
}

export function outcomeText(outcome: string, t: Translate): string {
  return isOutcome(outcome) ? t(`deliveries.outcome.${outcome}`) : outcome;
}

/** What became of a delivery, as shape and word. */
export function OutcomeBadge({ outcome, t }: { outcome: string; t: Translate }) {
  return <StateBadge status={isOutcome(outcome) ? marks[outcome] : 'unknown'}>{outcomeText(outcome, t)}</StateBadge>;
}

const sizes = ['B', 'kB', 'MB'] as const;

/** A number of bytes: 812 B, 4.2 kB. */
export function sizeText(bytes: number, format: (value: number, digits: number) => string): string {
  const step = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  return `${format(bytes / 1000 ** step, step === 0 ? 0 : 1)}\u202f${sizes[step]}`;
}
