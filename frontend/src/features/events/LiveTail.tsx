import { Button } from '@mantine/core';
import { useT } from '../../i18n/useT';
import { IconPause, IconPlay } from '../../ui/icons';
import { StateBadge, type Status } from '../../ui/StateBadge';
import styles from './events.module.css';
import type { Tail, TailState } from './useTail';

const marks: Readonly<Record<TailState, Status>> = { connecting: 'unknown', live: 'good', lost: 'watch', paused: 'unknown', hidden: 'unknown' };

/** How the live view stands, and the button that pauses it. */
export function LiveTail({ tail }: { tail: Tail }) {
  const { t } = useT();
  const { paused, setPaused, state } = tail;
  return (
    <div className={styles.live}>
      <span className={styles.liveState}>
        <StateBadge status={marks[state]}>{t(`events.live.${state}`)}</StateBadge>
      </span>
      <Button
        size="xs"
        variant="default"
        aria-pressed={paused}
        leftSection={paused ? <IconPlay size={14} aria-hidden /> : <IconPause size={14} aria-hidden />}
        onClick={() => setPaused(!paused)}
      >
        {t(paused ? 'events.live.resume' : 'events.live.pause')}
      </Button>
    </div>
  );
}

interface NewsProps {
  readonly tail: Tail;
  readonly onShow: () => void;
}

/** How much has come; the list stays as it is until the reader asks for it. */
export function News({ tail, onShow }: NewsProps) {
  const { t } = useT();
  const count = tail.fresh.size;
  return (
    <output className={styles.news} aria-live="polite">
      {(count > 0 || tail.many) && (
        <Button size="compact-sm" variant="light" onClick={onShow}>
          {t(tail.many ? 'events.live.many' : 'events.live.new', { count })}
        </Button>
      )}
    </output>
  );
}
