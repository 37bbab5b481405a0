import { Skeleton } from '@mantine/core';
import { LongWait } from '../ui/LongWait';
import classes from './explain.module.css';

/** Holds the place of the steps from facts to figure. */
export function ChainSkeleton() {
  return (
    <div className={classes.chain} aria-busy="true">
      <Skeleton className={classes.chainSkeleton} animate={false} />
      <LongWait />
    </div>
  );
}

/** Holds the place of the first rows. */
export function RowsSkeleton() {
  return (
    <div className={classes.rows} aria-busy="true">
      {Array.from({ length: 8 }, (_, row) => (
        <Skeleton key={row} height={44} mb={8} radius="sm" animate={false} />
      ))}
      <LongWait />
    </div>
  );
}
