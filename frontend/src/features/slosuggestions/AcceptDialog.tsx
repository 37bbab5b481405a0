import { Button } from '@mantine/core';
import type { LevelSuggestion } from '../../api/sloSuggestions';
import { useT } from '../../i18n/useT';
import { Dialog } from '../../ui/Dialog';
import { ErrorState } from '../../ui/states';
import { outcomeOf, percentFor, shareFor, warningsOf, type Changes } from './logic';
import styles from './slosuggestions.module.css';

interface AcceptDialogProps {
  /** Null while the dialog is closed. */
  readonly items: readonly LevelSuggestion[] | null;
  readonly changes: Changes;
  readonly window: string;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onAccept: () => void;
  readonly onClose: () => void;
}

/** Says what accepting comes to before it is done. */
export function AcceptDialog({ items, changes, window, busy, error, onAccept, onClose }: AcceptDialogProps) {
  const { t } = useT();
  const count = items?.length ?? 0;
  return (
    <Dialog open={items !== null} onClose={onClose} title={t('slosuggest.accept_title', { count })} closeLabel={t('slosuggest.close')}>
      {items && (
        <div className={styles.confirm}>
          <Sum items={items} changes={changes} window={window} />
          {Boolean(error) && <ErrorState error={error} />}
          <div className={styles.actions}>
            <Button size="xs" loading={busy} onClick={onAccept}>
              {t('slosuggest.accept', { count })}
            </Button>
            <Button size="xs" variant="default" onClick={onClose}>
              {t('slosuggest.cancel')}
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}

function Sum({ items, changes, window }: Pick<AcceptDialogProps, 'changes' | 'window'> & { items: readonly LevelSuggestion[] }) {
  const { t } = useT();
  const warned = items.map((item) => warningsOf(item, outcomeOf(item, shareFor(percentFor(item, changes)) ?? ''), window));
  const missed = warned.filter((list) => list.includes('missed')).length;
  const little = warned.filter((list) => list.includes('little') || list.includes('few')).length;
  const unclaimed = [...new Set(items.filter(({ application }) => !application.known && !changes.owners.has(application.slug)).map(({ application }) => application.slug))];
  return (
    <>
      <p>{t('slosuggest.accept_sum', { count: items.length, services: new Set(items.map(({ application }) => application.slug)).size })}</p>
      {unclaimed.length > 0 && <p className={styles.against}>{t('slosuggest.accept_unclaimed', { count: unclaimed.length, names: unclaimed.join(', ') })}</p>}
      {missed > 0 && <p className={styles.against}>{t('slosuggest.accept_missed', { count: missed })}</p>}
      {little > 0 && <p className={styles.against}>{t('slosuggest.accept_little', { count: little })}</p>}
    </>
  );
}
