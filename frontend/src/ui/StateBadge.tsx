import type { ReactNode } from 'react';
import styles from './ui.module.css';

export type Status = 'good' | 'watch' | 'bad' | 'unknown';

/** One shape per status, so that colour never stands alone. */
const shapes: Readonly<Record<Status, ReactNode>> = {
  good: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="m5.2 8.2 2 2 3.6-4" />
    </>
  ),
  watch: (
    <>
      <path d="M8 1.9 14.6 13.6H1.4Z" />
      <path d="M8 6.2v3.4M8 11.4v.3" />
    </>
  ),
  bad: (
    <>
      <path d="M5.3 1.7h5.4l3.6 3.6v5.4l-3.6 3.6H5.3l-3.6-3.6V5.3Z" />
      <path d="M8 4.7v4M8 10.9v.3" />
    </>
  ),
  unknown: (
    <>
      <circle cx="8" cy="8" r="6.2" strokeDasharray="2.4 2" />
      <path d="M5.4 8h5.2" />
    </>
  ),
};

/** The mark of a status without its word; always put a word next to it. */
export function StatusMark({ status, size = 16, label }: { status: Status; size?: number; label?: string }) {
  const named = label ? ({ role: 'img', 'aria-label': label } as const) : ({ 'aria-hidden': true } as const);
  return (
    <svg className={styles.mark} data-status={status} viewBox="0 0 16 16" width={size} height={size} {...named}>
      {shapes[status]}
    </svg>
  );
}

/** A status as shape, colour and word. */
export function StateBadge({ status, children }: { status: Status; children: ReactNode }) {
  return (
    <span className={styles.badge} data-status={status}>
      <StatusMark status={status} size={14} />
      <span>{children}</span>
    </span>
  );
}
