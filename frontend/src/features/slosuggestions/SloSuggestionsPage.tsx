import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { known } from '../../api/known';
import { connectionsQuery } from '../../api/queries';
import { beginSearch, levelSearchQuery, stopSearch, type LevelSearch } from '../../api/sloSuggestions';
import type { Connection } from '../../api/types';
import { useApp } from '../../app/context';
import { useTitle } from '../../app/title';
import { useT } from '../../i18n/useT';
import { Command } from '../../ui/Command';
import { CopyButton } from '../../ui/CopyButton';
import { PageHeader } from '../../ui/PageHeader';
import { Panel } from '../../ui/Panel';
import { EmptyState, ErrorState } from '../../ui/states';
import { useUrl } from '../../url/useUrl';
import { Skeletons } from '../application/Skeletons';
import { Found } from './Found';
import { Looked } from './Looked';
import { Standing } from './Standing';
import { SearchForm } from './SearchForm';
import styles from './slosuggestions.module.css';

const configuration = `connections:
  - name: prometheus-eu
    source: prometheus
    settings:
      api:
        url: https://prometheus.example.com
        token: \${env:PROMETHEUS_TOKEN}
`;

/** Servers that can be asked: a connection without an address only takes deliveries. */
export function askable(connections: readonly Connection[]): Connection[] {
  return connections.filter(({ source, settings }) => source === 'prometheus' && Boolean(settings['api']));
}

/** What services could promise, by what a Prometheus knows of them, until a person accepts it. */
export function SloSuggestionsPage() {
  const { t } = useT();
  const workspace = useParams({ strict: false }).workspace ?? '';
  const url = useUrl();
  useTitle(t('slosuggest.title'));
  const connections = useQuery(connectionsQuery(workspace));
  const search = useQuery(levelSearchQuery(workspace));
  const error = connections.error ?? search.error;
  const again = () => void Promise.all([connections.refetch(), search.refetch()]);
  return (
    <div className={styles.page}>
      <PageHeader
        title={t('slosuggest.title')}
        scope={t('slosuggest.scope')}
        trail={[
          <Link key="slos" to="/w/$workspace/slos" params={{ workspace }} search={{}}>
            {t('nav.slos')}
          </Link>,
        ]}
        url={url}
      />
      {connections.data && search.data ? (
        <Searched workspace={workspace} servers={askable(connections.data.items)} search={search.data} />
      ) : error ? (
        <ErrorState error={error} onRetry={again} />
      ) : (
        <Skeletons height={420} />
      )}
    </div>
  );
}

interface SearchedProps {
  readonly workspace: string;
  readonly servers: readonly Connection[];
  readonly search: LevelSearch;
}

/** Asking, how far that is, and what came of it. */
function Searched({ workspace, servers, search }: SearchedProps) {
  const { t } = useT();
  const { session } = useApp();
  const client = useQueryClient();
  const keep = (next: LevelSearch) => client.setQueryData(levelSearchQuery(workspace).queryKey, next);
  const begin = useMutation({ mutationFn: (wanted: Parameters<typeof beginSearch>[2]) => beginSearch(workspace, session.csrf_token, wanted), onSuccess: keep });
  const stop = useMutation({ mutationFn: () => stopSearch(workspace, session.csrf_token), onSuccess: keep });
  const may = session.principal.role === 'admin' && !known.asOf;
  if (servers.length === 0 && search.state !== 'done') return <NoServer workspace={workspace} />;
  return (
    <>
      {!may && <p className={styles.note}>{t(known.asOf ? 'slosuggest.past' : 'slosuggest.viewer')}</p>}
      <Panel title={t('slosuggest.search')}>
        {may && servers.length > 0 && (
          <SearchForm servers={servers} search={search} busy={begin.isPending} error={begin.error} onBegin={(wanted) => begin.mutate(wanted)} />
        )}
        <Standing workspace={workspace} search={search} stopping={stop.isPending} error={stop.error} onStop={may ? () => stop.mutate() : null} />
      </Panel>
      {search.items.length > 0 && <Found key={search.started_at} workspace={workspace} search={search} may={may} />}
      {search.state === 'done' && <Looked search={search} />}
    </>
  );
}

function NoServer({ workspace }: { workspace: string }) {
  const { t } = useT();
  return (
    <Panel>
      <EmptyState
        title={t('slosuggest.none_connected')}
        action={
          <div className={styles.ways}>
            <Command>{configuration}</Command>
            <Command>evenkeel apply -f evenkeel.yaml</Command>
            <div className={styles.actions}>
              <CopyButton label={t('slosuggest.copy_configuration')} text={configuration} />
              <Link to="/w/$workspace/connectors" params={{ workspace }} search={{}}>
                {t('slosuggest.connectors')}
              </Link>
            </div>
          </div>
        }
      >
        {t('slosuggest.none_connected_text')}
      </EmptyState>
    </Panel>
  );
}
