import { Button, Menu } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { EntriesParams } from '../../api/queries';
import { ApiError } from '../../api/problem';
import { download } from '../../charts/exportFile';
import { useT } from '../../i18n/useT';
import { formatNumber } from '../../ui/format';
import { IconChevronDown, IconDownload } from '../../ui/icons';
import styles from './events.module.css';
import { curlCommand, fetchRows, mostRows, type ExportForm } from './exportRows';
import { apiAddress } from './filters';

interface ExportMenuProps {
  readonly params: EntriesParams;
  /** How many events match; null while that is not known. */
  readonly total: number | null;
}

/** What an export has to say: how far it is, or how it ended. */
type Said =
  | { readonly kind: 'busy'; readonly rows: number }
  | { readonly kind: 'done' | 'limited'; readonly rows: number }
  | { readonly kind: 'failed'; readonly detail: string }
  | { readonly kind: 'copied' | 'not_copied' };

/** Saves the events that match the filters, or gives the command that does. */
export function ExportMenu({ params, total }: ExportMenuProps) {
  const { t, locale } = useT();
  const [said, setSaid] = useState<Said | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const address = apiAddress('facts', params);

  const save = async (form: ExportForm) => {
    running.current?.abort();
    const control = new AbortController();
    running.current = control;
    setSaid({ kind: 'busy', rows: 0 });
    try {
      const found = await fetchRows(address, form, control.signal, (rows) => setSaid({ kind: 'busy', rows }));
      download(`events-${params.workspace}.${form}`, found.file);
      setSaid({ kind: found.limited ? 'limited' : 'done', rows: found.rows });
    } catch (error) {
      const detail = error instanceof ApiError ? (error.detail ?? error.message) : '';
      setSaid(control.signal.aborted ? null : { kind: 'failed', detail });
    }
  };
  const copy = (form: ExportForm) => {
    const command = curlCommand(window.location.origin, address, form);
    void navigator.clipboard.writeText(command).then(
      () => setSaid({ kind: 'copied' }),
      () => setSaid({ kind: 'not_copied' }),
    );
  };
  const limit = formatNumber(mostRows, locale);
  return (
    <div className={styles.export}>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            {t('events.export')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {total !== null && total > mostRows && <Menu.Label>{t('events.export.limit', { limit })}</Menu.Label>}
          <Menu.Item onClick={() => void save('ndjson')}>{t('events.export.ndjson')}</Menu.Item>
          <Menu.Item onClick={() => void save('csv')}>{t('events.export.csv')}</Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => copy('ndjson')}>{t('events.export.curl')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <output className={styles.said}>
        {said && (
          <Outcome said={said} total={total === null ? null : Math.min(total, mostRows)} limit={limit} onCancel={() => running.current?.abort()} />
        )}
      </output>
    </div>
  );
}

interface OutcomeProps {
  readonly said: Said;
  readonly total: number | null;
  readonly limit: string;
  readonly onCancel: () => void;
}

function Outcome({ said, total, limit, onCancel }: OutcomeProps) {
  const { t, locale } = useT();
  const number = (value: number) => formatNumber(value, locale);
  switch (said.kind) {
    case 'busy':
      return (
        <>
          {total === null ? t('events.export.busy', { rows: number(said.rows) }) : t('events.export.busy_of', { rows: number(said.rows), total: number(total) })}{' '}
          <button type="button" className="ek-link" onClick={onCancel}>
            {t('events.export.cancel')}
          </button>
        </>
      );
    case 'done':
      return t('events.export.done', { count: said.rows, rows: number(said.rows) });
    case 'limited':
      return t('events.export.limited', { limit });
    case 'failed':
      return t('events.export.failed', { detail: said.detail });
    case 'copied':
      return t('events.export.copied');
    case 'not_copied':
      return t('events.export.not_copied');
  }
}
