import { Skeleton } from '@mantine/core';
import { LongWait } from '../../ui/LongWait';
import classes from './application.module.css';

/** Holds the place of content that is on its way; after a while it says so. */
export function Skeletons({ height }: { height: number }) {
  return (
    <div className={classes.skeletons} aria-busy="true">
      <Skeleton height={height} radius="sm" animate={false} />
      <LongWait />
    </div>
  );
}
