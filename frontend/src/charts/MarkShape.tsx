import type { MarkKind } from './burndown';

/** One shape per kind of mark, so that none needs its colour. */
const shapes: Readonly<Record<MarkKind, string>> = {
  incident: 'M1.5 1.5h9v9h-9Z',
  deployment: 'M6 1.5 11 10.5H1Z',
  flag_change: 'M2.5 1v10.5h1V7h7L8.6 4 10.5 1Z',
  definition: 'M6 .8 11.2 6 6 11.2.8 6Z',
  correction: 'M6 1.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 1 1 0-9Z',
};

/** The shape of what happened; a word always stands beside it or names its button. */
export function MarkShape({ kind }: { kind: MarkKind }) {
  return (
    <svg viewBox="0 0 12 12" aria-hidden="true">
      <path d={shapes[kind]} strokeWidth="0.5" />
    </svg>
  );
}
