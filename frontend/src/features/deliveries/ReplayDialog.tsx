import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ApiError } from '../../api/problem';
import { replay } from '../../api/queries';
import type { ReplayRequest, ReplayResult } from '../../api/types';
import { useApp } from '../../app/context';
import { useT } from '../../i18n/useT';
import { Dialog } from '../../ui/Dialog';
import { formatDateTime, formatNumber } from '../../ui/format';
import { LongWait } from '../../ui/LongWait';
import { EmptyState, ErrorState } from '../../ui/states';
import styles from './deliveries.module.css';
import { OutcomeBadge } from './outcome';

/** Which deliveries are to be read again. */
export type Replayed = Omit<ReplayRequest, 'dry_run'>;

interface ReplayDialogProps {
  readonly workspace: string;
  /** Null while the dialog is closed. */
  readonly chosen: Replayed | null;
  readonly onClose: () => void;
}

/** Reads deliveries again: first says what would change, then does it when the reader agrees. */
export function ReplayDialog({ workspace, chosen, onClose }: ReplayDialogProps) {
  const { t } = useT();
  const { session } = useApp();
  const { role } = session.principal;
  return (
    <Dialog open={chosen !== null} onClose={onClose} title={t('deliveries.replay')} closeLabel={t('events.close')}>
      {chosen && (role === 'viewer' ? <Denied /> : <Steps workspace={workspace} chosen={chosen} onClose={onClose} />)}
    </Dialog>
  );
}

/** Says who can do it. */
function Denied() {
  const { t } = useT();
  const { session } = useApp();
  const local = session.principal.kind === 'local';
  return (
    <EmptyState title={t('deliveries.denied')} status="watch">
      {t(local ? 'deliveries.denied_local' : 'deliveries.denied_text')}
    </EmptyState>
  );
}

function Steps({ workspace, chosen, onClose }: { workspace: string; chosen: Replayed; onClose: () => void }) {
  const { t } = useT();
  const { session } = useApp();
  const client = useQueryClient();
  const ask = (dry: boolean) => replay(workspace, session.csrf_token, { ...chosen, dry_run: dry });
  const trial = useMutation({ mutationFn: () => ask(true) });
  const deed = useMutation({
    mutationFn: () => ask(false),
    onSuccess: () => {
      const stale = ['deliveries', 'delivery', 'facts', 'facts-summary', 'fact'];
      return client.invalidateQueries({ predicate: ({ queryKey }) => stale.includes(String(queryKey[0])) });
    },
  });
  const { mutate } = trial;
  useEffect(() => mutate(), [mutate]);
  const error = deed.error ?? trial.error;
  if (error instanceof ApiError && error.status === 403) return <Denied />;
  if (error) return <ErrorState error={error} onRetry={() => (deed.error ? deed.mutate() : trial.mutate())} />;
  if (deed.data) return <Result result={deed.data} />;
  if (!trial.data) {
    return (
      <p aria-busy="true" className={styles.replayWait}>
        {t('deliveries.replay_trying')}
        <LongWait />
      </p>
    );
  }
  return (
    <>
      <Result result={trial.data} />
      <div className={styles.replayActions}>
        <Button size="xs" disabled={trial.data.changed === 0} loading={deed.isPending} onClick={() => deed.mutate()}>
          {t('deliveries.replay_confirm', { count: trial.data.changed })}
        </Button>
        <Button size="xs" variant="default" onClick={onClose}>
          {t('deliveries.replay_cancel')}
        </Button>
      </div>
    </>
  );
}

/** What changed, or would. */
function Result({ result }: { result: ReplayResult }) {
  const { t, locale } = useT();
  const number = (value: number) => formatNumber(value, locale);
  const counts = { changed: number(result.changed), examined: number(result.examined), observations: number(result.observations), facts: number(result.facts) };
  return (
    <div className={styles.replay}>
      <p className={styles.replaySum}>
        <output>{t(result.dry_run ? 'deliveries.replay_would' : 'deliveries.replay_did', counts)}</output>
      </p>
      {result.expired > 0 && <p className={styles.quiet}>{t('deliveries.replay_gone', { count: result.expired })}</p>}
      {result.items.length > 0 && <Items items={result.items} />}
      {result.omitted > 0 && <p className={styles.quiet}>{t('deliveries.replay_omitted', { count: result.omitted })}</p>}
      {result.more && <p className={styles.quiet}>{t('deliveries.replay_more', { time: formatDateTime(result.more, locale) })}</p>}
    </div>
  );
}

function Items({ items }: { items: ReplayResult['items'] }) {
  const { t, locale } = useT();
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={styles.items} aria-label={t('deliveries.replay_items')} tabIndex={0}>
      <table>
        <caption className="ek-hidden">{t('deliveries.replay_items')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('deliveries.column.received')}</th>
            <th scope="col">{t('deliveries.column.event')}</th>
            <th scope="col">{t('deliveries.before')}</th>
            <th scope="col">{t('deliveries.after')}</th>
            <th scope="col">{t('deliveries.column.reason')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id}>
              <td>{formatDateTime(item.received_at, locale)}</td>
              <td>{item.event}</td>
              <td>
                <OutcomeBadge outcome={item.before} t={t} />
              </td>
              <td>
                <OutcomeBadge outcome={item.after} t={t} />
              </td>
              <td>{item.reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
