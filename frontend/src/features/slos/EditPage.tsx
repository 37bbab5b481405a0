import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiError } from '../../api/problem';
import { applicationsQuery } from '../../api/queries';
import { previewSlo, saveSlo, sloQuery, type Changed, type Lint, type MeasuredSeries, type SloPreview } from '../../api/slos';
import { useApp } from '../../app/context';
import { useTitle } from '../../app/title';
import { useT } from '../../i18n/useT';
import { DataTable } from '../../ui/DataTable';
import { LongWait } from '../../ui/LongWait';
import { PageHeader } from '../../ui/PageHeader';
import { Panel } from '../../ui/Panel';
import { EmptyState, ErrorState } from '../../ui/states';
import { useUrl } from '../../url/useUrl';
import { Skeletons } from '../application/Skeletons';
import { rowKey, sloColumns } from '../budget/columns';
import { rowTitle } from '../budget/words';
import { environmentOf, fieldOf, firstDocument, percentOf, read, shareOf, write, type Field } from './document';
import { lintText } from './lint';
import { Lints } from './Lints';
import { hasQueries, withSeries } from './seriesDocument';
import { SeriesPicker } from './SeriesPicker';
import styles from './slos.module.css';

const methods = ['Occurrences', 'Timeslices', 'RatioTimeslices'] as const;

/** A new SLO, for the application that the address names. */
export function NewSloPage() {
  const { t } = useT();
  const workspace = useParams({ strict: false }).workspace ?? '';
  const { state } = useUrl();
  useTitle(t('slo.new'));
  return <Editor key={state.app} workspace={workspace} changed={null} title={t('slo.new')} first={firstDocument(state.app ?? '')} />;
}

/** Another version of an SLO. */
export function EditSloPage() {
  const { t } = useT();
  const { workspace = '', id = '' } = useParams({ strict: false });
  const query = useQuery(sloQuery(workspace, id));
  useTitle(t('slo.edit'), query.data?.name ?? id);
  if (query.isPending) return <Skeletons height={640} />;
  if (!query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return <Editor key={id} workspace={workspace} changed={{ id, base: query.data.versions[0]?.number ?? 0 }} title={t('slo.edit_title', { name: query.data.name })} first={query.data.versions[0]?.document ?? ''} />;
}

interface EditorProps {
  readonly workspace: string;
  /** Null for a new one. */
  readonly changed: Changed | null;
  readonly title: string;
  readonly first: string;
}

/** Form and document side by side: the document is what counts, the form writes into it. */
function Editor({ workspace, changed, title, first }: EditorProps) {
  const { t } = useT();
  const { session } = useApp();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [document, setDocument] = useState(first);
  const trial = useMutation({ mutationFn: (text: string) => previewSlo(workspace, session.csrf_token, text) });
  const deed = useMutation({
    mutationFn: () => saveSlo(workspace, session.csrf_token, changed, document),
    onSuccess: async (saved) => {
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'slo' || queryKey[0] === 'slos' });
      await navigate({ to: '/w/$workspace/slos/$id', params: { workspace, id: saved.id }, search: {} });
    },
  });
  const change = (next: string) => {
    setDocument(next);
    trial.reset();
    deed.reset();
  };
  const pick = (series: MeasuredSeries) => {
    const next = withSeries(document, series);
    change(next);
    trial.mutate(next);
  };
  const error = deed.error ?? trial.error;
  const refused: Lint[] = error instanceof ApiError ? error.fields.map(([field, text]) => ({ line: 0, field: field.replace(/^document\.?/, ''), severity: 'error', text, fix: '', code: '', values: {} })) : [];
  const lints = [...(trial.data?.remarks ?? []), ...refused];
  const wrong = lints.some(({ severity }) => severity === 'error');
  const mayCommit = session.principal.role === 'admin';
  return (
    <div className={styles.page}>
      <PageHeader
        title={title}
        scope={t('slo.editor_scope')}
        trail={[
          <Link key="slos" to="/w/$workspace/slos" params={{ workspace }} search={{}}>
            {t('slos.title')}
          </Link>,
        ]}
      />
      <div className={styles.editor}>
        <Panel title={t('slo.form')}>
          <Form workspace={workspace} document={document} lints={lints} onChange={change} onPick={pick} />
        </Panel>
        <Panel title={t('slo.document')}>
          <Textarea aria-label={t('slo.document')} value={document} onChange={(event) => change(event.currentTarget.value)} rows={28} spellCheck={false} />
        </Panel>
      </div>
      <Panel title={t('slo.preview')}>
        <div className={styles.actions}>
          <Button size="xs" variant="default" loading={trial.isPending} onClick={() => trial.mutate(document)}>
            {t('slo.preview_do')}
          </Button>
          <Button size="xs" disabled={!mayCommit || trial.data === undefined || wrong} loading={deed.isPending} onClick={() => deed.mutate()}>
            {t('slo.save')}
          </Button>
          <span className={styles.quiet}>{t(mayCommit ? 'slo.save_hint' : 'slo.save_admin')}</span>
        </div>
        {trial.isPending && <LongWait />}
        {error && refused.length === 0 && <ErrorState error={error} />}
        <Lints lints={lints} />
        {trial.data && <Trial trial={trial.data} workspace={workspace} />}
      </Panel>
    </div>
  );
}

interface FormProps {
  readonly workspace: string;
  readonly document: string;
  readonly lints: readonly Lint[];
  readonly onChange: (document: string) => void;
  readonly onPick: (series: MeasuredSeries) => void;
}

function Form({ workspace, document, lints, onChange, onPick }: FormProps) {
  const { t } = useT();
  const applications = useInfiniteQuery(applicationsQuery({ workspace, limit: 500 }));
  const known = (applications.data?.pages ?? []).flatMap(({ items }) => items);
  const of = (field: Field) => {
    const value = read(document, field);
    const said = lints.filter((lint) => lint.severity === 'error' && fieldOf(lint.field) === field).map((lint) => lintText(lint, t)).map(({ text, fix }) => [text, fix].filter(Boolean).join(': '));
    return { value: value ?? '', disabled: value === null, description: value === null ? t('slo.only_document') : undefined, error: said.join(' · ') || undefined, size: 'xs' as const };
  };
  const set = (field: Field) => (event: { currentTarget: { value: string } }) => onChange(write(document, field, event.currentTarget.value));
  const service = of('service');
  const target = of('target');
  return (
    <div className={styles.form}>
      <TextInput label={t('slo.field.displayName')} {...of('displayName')} onChange={set('displayName')} />
      <TextInput label={t('slo.field.name')} {...of('name')} onChange={set('name')} />
      <NativeSelect
        label={t('slo.field.service')}
        {...service}
        onChange={set('service')}
        data={[...(known.some(({ slug }) => slug === service.value) ? [] : [{ value: service.value, label: service.value }]), ...known.map(({ slug, name }) => ({ value: slug, label: name }))]}
      />
      <SeriesPicker workspace={workspace} application={service.value} name={of('series').value} environment={environmentOf(document)} onPick={onPick} />
      {hasQueries(document) && <p className={styles.quiet}>{t('slo.pick.queried')}</p>}
      <TextInput label={t('slo.field.series')} {...of('series')} description={of('series').description ?? t('slo.hint.series')} onChange={set('series')} />
      <NativeSelect label={t('slo.field.method')} {...of('method')} onChange={set('method')} data={methods.map((method) => ({ value: method as string, label: t(`slo.method.${method}`) }))} />
      <Target {...target} key={target.disabled ? 'no' : 'yes'} label={t('slo.field.target')} share={target.value} onShare={(share) => onChange(write(document, 'target', share))} />
      <TextInput label={t('slo.field.duration')} {...of('duration')} description={of('duration').description ?? t('slo.hint.duration')} onChange={set('duration')} />
    </div>
  );
}

interface TargetProps {
  readonly label: string;
  readonly share: string;
  readonly disabled: boolean;
  readonly description: string | undefined;
  readonly error: string | undefined;
  readonly onShare: (share: string) => void;
}

/** A target in percent; what is typed stays as typed while it means the same. */
function Target({ label, share, disabled, description, error, onShare }: TargetProps) {
  const [typed, setTyped] = useState(percentOf(share));
  const shown = shareOf(typed) === share ? typed : percentOf(share);
  return (
    <TextInput
      size="xs"
      inputMode="decimal"
      label={label}
      value={shown}
      disabled={disabled}
      description={description}
      error={error}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        onShare(shareOf(event.currentTarget.value));
      }}
    />
  );
}

/** What the document would have measured. */
function Trial({ trial, workspace }: { trial: SloPreview; workspace: string }) {
  const { t, locale } = useT();
  if (trial.problem || trial.budgets.every(({ total }) => total === 0)) {
    return <EmptyState title={t('slo.preview_none')}>{trial.problem || t('slo.preview_none_text')}</EmptyState>;
  }
  const unlinked = sloColumns({ workspace, t, locale }, false).map((column) => (column.id === 'slo' ? { ...column, render: (row: (typeof trial.budgets)[number]) => rowTitle(row) } : column));
  return <DataTable name={t('slo.preview')} columns={unlinked} rows={trial.budgets} rowKey={rowKey} sort={null} onSort={() => {}} fileName="slo-preview" />;
}
