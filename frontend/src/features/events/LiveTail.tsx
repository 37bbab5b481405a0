import { Button } from '@mantine/core';
import { useT } from '../../i18n/useT';
import { IconPause, IconPlay } from '../../ui/icons';
import { StateBadge, type Status } from '../../ui/StateBadge';
import styles from './events.module.css';
import type { Tail, TailState } from './useTail';

const marks: Readonly<Record<TailState, Status>> = { connecting: 'unknown', live: 'good', lost: 'watch', paused: 'unknown', hidden: 'unknown' };

interface LiveTailProps {
  readonly tail: Tail;
  readonly count: number;
  readonly onShow: () => void;
}

/** How the live view stands, the button that pauses it, and what has come. */
export function LiveTail({ tail, count, onShow }: LiveTailProps) {
  const { t } = useT();
  const { paused, setPaused, state, many } = tail;
  return (
    <div className={styles.live}>
      <StateBadge status={marks[state]}>
        <span className={styles.liveWord}>{t(`events.live.${state}`)}</span>
      </StateBadge>
      <Button
        size="xs"
        variant="default"
        aria-pressed={paused}
        leftSection={paused ? <IconPlay size={14} aria-hidden /> : <IconPause size={14} aria-hidden />}
        onClick={() => setPaused(!paused)}
      >
        {t(paused ? 'events.live.resume' : 'events.live.pause')}
      </Button>
      <output className={styles.fresh} aria-live="polite">
        {(count > 0 || many) && (
          <Button size="xs" variant="light" onClick={onShow}>
            {t(many ? 'events.live.many' : 'events.live.new', { count })}
          </Button>
        )}
      </output>
    </div>
  );
}
