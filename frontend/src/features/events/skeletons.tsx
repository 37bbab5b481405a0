import { Skeleton } from '@mantine/core';
import { LongWait } from '../../ui/LongWait';
import { ErrorState } from '../../ui/states';
import styles from './events.module.css';

/** The place of the histogram before it is known, or why it is not. */
export function HistogramSkeleton({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (error) return <ErrorState error={error} onRetry={onRetry} />;
  return (
    <div aria-busy="true">
      <LongWait />
      <Skeleton height={30} width={180} mb={26} />
      <Skeleton height={180} mb={12} />
      <Skeleton height={48} width={420} maw="100%" />
    </div>
  );
}

/** The place of the choices before they are known. */
export function FacetsSkeleton() {
  return (
    <div aria-busy="true">
      {rows.map((row) => (
        <Skeleton key={row} height={14} my={20} />
      ))}
    </div>
  );
}

const rows = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/** The place of a long list before it is known. */
export function TableSkeleton() {
  return (
    <div aria-busy="true" className={styles.tablePlace}>
      <LongWait />
      {rows.map((row) => (
        <Skeleton key={row} height={16} my={24} />
      ))}
    </div>
  );
}
