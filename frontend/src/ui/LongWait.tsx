import { useEffect, useState } from 'react';
import { useT } from '../i18n/useT';
import styles from './ui.module.css';

/** Announces loading, and says after eight seconds that the work goes on. */
export function LongWait({ after = 8000 }: { after?: number }) {
  const { t } = useT();
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), after);
    return () => clearTimeout(timer);
  }, [after]);
  return (
    <output className={long ? styles.wait : 'ek-hidden'}>
      {t(long ? 'app.still_loading' : 'app.loading')}
    </output>
  );
}
