import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { LevelSearch } from '../../api/sloSuggestions';
import { useT } from '../../i18n/useT';
import { Command } from '../../ui/Command';
import { CopyButton } from '../../ui/CopyButton';
import { EmptyState, ErrorState } from '../../ui/states';
import { formatDateTime } from '../../ui/format';
import { StatusMark } from '../../ui/StateBadge';
import { useZone } from '../connectors/words';
import { shareDone } from './logic';
import styles from './slosuggestions.module.css';

interface StandingProps {
  readonly workspace: string;
  readonly search: LevelSearch;
  readonly stopping: boolean;
  readonly error: unknown;
  /** Null where the reader only looks. */
  readonly onStop: (() => void) | null;
}

/** How far the last search is; its status is read out when it changes, its progress is not. */
export function Standing({ workspace, search, stopping, error, onStop }: StandingProps) {
  const { t, locale } = useT();
  const zone = useZone(workspace);
  const { state, name, days } = search;
  const status = useRef<HTMLParagraphElement>(null);
  const before = useRef(state);
  // The button that stops a search goes with it; the focus moves on to what came of it.
  useEffect(() => {
    if (before.current === 'running' && state !== 'running' && document.activeElement === document.body) status.current?.focus({ preventScroll: true });
    before.current = state;
  }, [state]);
  return (
    <div className={styles.standing}>
      <p ref={status} role="status" tabIndex={-1} className={styles.status}>
        {state === 'running' && t('slosuggest.running', { name, days })}
        {state === 'done' && t('slosuggest.done', { name, days, queries: search.queries, at: formatDateTime(search.ended_at, locale, zone) })}
        {state === 'failed' && (
          <>
            <StatusMark status={search.fault === 'stopped' ? 'unknown' : 'bad'} size={18} /> {t(faultText(search))}
          </>
        )}
      </p>
      {state === 'running' && <Progress search={search} zone={zone} stopping={stopping} onStop={onStop} />}
      {state === 'failed' && <Failed search={search} />}
      {state === 'none' && <EmptyState title={t('slosuggest.first')}>{t('slosuggest.first_text')}</EmptyState>}
      {Boolean(error) && <ErrorState error={error} />}
    </div>
  );
}

function faultText({ fault }: LevelSearch) {
  return `slosuggest.fault.${fault || 'other'}` as const;
}

function Progress({ search, zone, stopping, onStop }: { search: LevelSearch; zone: string; stopping: boolean; onStop: (() => void) | null }) {
  const { t, locale } = useT();
  const share = shareDone(search);
  return (
    <div className={styles.progress}>
      <progress aria-label={t('slosuggest.search')} {...(share !== null && { value: share })} max={1} />
      <span className={styles.quiet}>
        {share !== null && `${t('slosuggest.progress', { done: search.done, total: search.total })} · `}
        {t('slosuggest.since', { at: formatDateTime(search.started_at, locale, zone) })}
      </span>
      {onStop && (
        <Button size="xs" variant="default" loading={stopping} onClick={onStop}>
          {t('slosuggest.stop')}
        </Button>
      )}
    </div>
  );
}

/** Why a search failed, and what to do about it. */
function Failed({ search }: { search: LevelSearch }) {
  const { t } = useT();
  const { fault, error, name } = search;
  const command = `evenkeel connection test ${name} -f evenkeel.yaml`;
  return (
    <div className={styles.failed}>
      <p>{t(`slosuggest.fix.${fault || 'other'}`)}</p>
      {error && <Command>{error}</Command>}
      {fault !== 'stopped' && fault !== 'interrupted' && (
        <>
          <Command>{command}</Command>
          <CopyButton label={t('slosuggest.copy_test')} text={command} />
        </>
      )}
    </div>
  );
}
