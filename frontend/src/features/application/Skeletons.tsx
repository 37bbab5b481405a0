import { Skeleton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useT } from '../../i18n/useT';
import classes from './application.module.css';

const patience = 8000;

/** Holds the place of content that is on its way; after a while it says so. */
export function Skeletons({ height }: { height: number }) {
  const { t } = useT();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patience);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={classes.skeletons} aria-busy="true">
      <Skeleton height={height} radius="sm" animate={false} />
      <span role="status" className={late ? classes.quiet : 'ek-hidden'}>
        {t(late ? 'app.still_loading' : 'app.loading')}
      </span>
    </div>
  );
}
