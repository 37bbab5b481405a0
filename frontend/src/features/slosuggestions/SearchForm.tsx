import { Button, NativeSelect } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { ApiError } from '../../api/problem';
import type { LevelSearch, SearchRequest } from '../../api/sloSuggestions';
import type { Connection } from '../../api/types';
import { useT } from '../../i18n/useT';
import { ErrorState } from '../../ui/states';
import { spanWords } from '../budget/words';
import styles from './slosuggestions.module.css';

const lookBacks = [30, 60, 90] as const;
const windows = ['28d', '30d', '7d', '90d'] as const;

interface SearchFormProps {
  readonly servers: readonly Connection[];
  readonly search: LevelSearch;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onBegin: (wanted: SearchRequest) => void;
}

/** Which server is asked, how far back, and for which window; as it was asked last. */
export function SearchForm({ servers, search, busy, error, onBegin }: SearchFormProps) {
  const { t } = useT();
  const [connection, setConnection] = useState(servers.find(({ id }) => id === search.connection)?.id ?? servers[0]?.id ?? '');
  const [days, setDays] = useState(search.days || lookBacks[0]);
  const [window, setWindow] = useState(search.window || windows[0]);
  const running = search.state === 'running';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onBegin({ connection, days, window });
  };
  const withLast = <T,>(usual: readonly T[], last: T) => (usual.includes(last) ? usual : [...usual, last]);
  return (
    <form className={styles.form} onSubmit={submit}>
      <div className={styles.fields}>
        <NativeSelect
          size="xs"
          label={t('slosuggest.connection')}
          disabled={running}
          value={connection}
          onChange={(event) => setConnection(event.currentTarget.value)}
          data={servers.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <NativeSelect
          size="xs"
          label={t('slosuggest.days')}
          disabled={running}
          value={String(days)}
          onChange={(event) => setDays(Number(event.currentTarget.value))}
          data={withLast<number>(lookBacks, days).map((count) => ({ value: String(count), label: t('slosuggest.days_value', { count }) }))}
        />
        <NativeSelect
          size="xs"
          label={t('slosuggest.window')}
          disabled={running}
          value={window}
          onChange={(event) => setWindow(event.currentTarget.value)}
          data={withLast<string>(windows, window).map((span) => ({ value: span, label: spanWords(span, t) }))}
        />
        <Button type="submit" size="xs" variant={search.state === 'done' ? 'default' : 'filled'} disabled={running} loading={busy}>
          {t(search.state === 'none' ? 'slosuggest.begin' : 'slosuggest.again')}
        </Button>
      </div>
      <p className={styles.quiet}>{t('slosuggest.bounded')}</p>
      <NotBegun error={error} />
    </form>
  );
}

/** Why nothing is searched, in the server's words. */
function NotBegun({ error }: { error: unknown }) {
  if (!error) return null;
  if (!(error instanceof ApiError) || error.fields.length === 0) return <ErrorState error={error} />;
  return (
    <p role="alert" className={styles.refused}>
      {error.fields.map(([field, text]) => `${field}: ${text}`).join(' · ')}
    </p>
  );
}
