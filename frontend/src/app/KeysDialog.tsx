import '@mantine/core/styles/Kbd.layer.css';
import '@mantine/core/styles/Switch.layer.css';
import { Kbd, Switch } from '@mantine/core';
import { Fragment } from 'react';
import type { MessageId } from '../i18n/i18n';
import { useT } from '../i18n/useT';
import { Dialog } from '../ui/Dialog';
import { useApp } from './context';
import { modifierName } from './platform';
import styles from './shell.module.css';

const rows: readonly { readonly keys: readonly string[]; readonly label: MessageId }[] = [
  { keys: ['g', 'o'], label: 'keys.overview' },
  { keys: ['g', 't'], label: 'keys.teams' },
  { keys: ['g', 'a'], label: 'keys.applications' },
  { keys: ['g', 'h'], label: 'keys.changed' },
  { keys: ['g', 's'], label: 'keys.slos' },
  { keys: ['g', 'e'], label: 'keys.events' },
  { keys: ['['], label: 'keys.previous' },
  { keys: [']'], label: 'keys.next' },
  { keys: ['/'], label: 'keys.filter' },
  { keys: ['?'], label: 'keys.help' },
];

/** Lists the shortcuts and switches the single-key ones on and off. */
export function KeysDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useT();
  const { shortcuts, setShortcuts } = useApp();
  const search = `${modifierName()} K`;
  return (
    <Dialog open={open} onClose={onClose} title={t('keys.title')} closeLabel={t('keys.close')}>
      <dl className={styles.keys}>
        <dt>{t('keys.search')}</dt>
        <dd>
          <Kbd>{search}</Kbd>
        </dd>
        {rows.map((row) => (
          <Fragment key={row.label}>
            <dt>{t(row.label)}</dt>
            <dd>
              {row.keys.map((key, index) => (
                <Fragment key={key}>
                  {index > 0 && <span className={styles.then}> {t('keys.then')} </span>}
                  <Kbd>{key}</Kbd>
                </Fragment>
              ))}
            </dd>
          </Fragment>
        ))}
      </dl>
      <Switch
        checked={shortcuts}
        onChange={(event) => setShortcuts(event.currentTarget.checked)}
        label={t('keys.single')}
        description={t('keys.single_hint', { combination: search })}
      />
    </Dialog>
  );
}
