import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '../../api/problem';
import { correctSlo, withdrawCorrection, type CorrectionRequest, type SloCorrection, type SloDetail, type SloRow } from '../../api/slos';
import { useApp } from '../../app/context';
import { useT } from '../../i18n/useT';
import { formatDateTime, formatPercent } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import styles from './slos.module.css';

interface CorrectionsProps {
  readonly workspace: string;
  readonly slo: SloDetail;
  readonly row: SloRow;
  readonly mayChange: boolean;
}

/** What people said of times that should not count, and the budget with and without that. */
export function Corrections({ workspace, slo, row, mayChange }: CorrectionsProps) {
  const { t, locale } = useT();
  const experienced = row.experienced?.remaining ?? row.budget.remaining;
  return (
    <Panel title={t('slo.corrections')}>
      <dl className={styles.both}>
        <div>
          <dt>{t('slo.contractual')}</dt>
          <dd>{formatPercent(row.budget.remaining, locale)}</dd>
          <dd className={styles.quiet}>{t('slo.contractual_why')}</dd>
        </div>
        <div>
          <dt>{t('slo.experienced')}</dt>
          <dd>{formatPercent(experienced, locale)}</dd>
          <dd className={styles.quiet}>{t('slo.experienced_why')}</dd>
        </div>
      </dl>
      {slo.corrections.length === 0 ? (
        <p className={styles.quiet}>{t('slo.corrections_none')}</p>
      ) : (
        <ul className={styles.list}>
          {slo.corrections.map((correction) => (
            <Correction key={correction.id} workspace={workspace} id={slo.id} correction={correction} zone={row.window.zone || 'UTC'} mayChange={mayChange} />
          ))}
        </ul>
      )}
      {mayChange && <Add workspace={workspace} id={slo.id} />}
    </Panel>
  );
}

/** What changes with a correction: every figure of every SLO page. */
function useDone() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'slo' || queryKey[0] === 'slos' });
}

interface CorrectionProps {
  readonly workspace: string;
  readonly id: string;
  readonly correction: SloCorrection;
  readonly zone: string;
  readonly mayChange: boolean;
}

function Correction({ workspace, id, correction, zone, mayChange }: CorrectionProps) {
  const { t, locale } = useT();
  const { session } = useApp();
  const done = useDone();
  const deed = useMutation({ mutationFn: () => withdrawCorrection(workspace, session.csrf_token, id, correction.id), onSuccess: done });
  const span = `${formatDateTime(correction.from, locale, zone)} – ${formatDateTime(correction.to, locale, zone)}`;
  return (
    <li>
      <strong>{span}</strong> {t(`slo.mode.${correction.mode}`)}: {correction.reason}{' '}
      <span className={styles.quiet}>
        {correction.author}, {formatDateTime(correction.at, locale, zone)}
      </span>{' '}
      {mayChange && (
        <Button size="compact-xs" variant="default" loading={deed.isPending} onClick={() => deed.mutate()} aria-label={t('slo.withdraw_full', { span })}>
          {t('slo.withdraw')}
        </Button>
      )}
      {deed.error && <p role="alert">{deed.error.message}</p>}
    </li>
  );
}

const nothing = { from: '', to: '', mode: 'exclude' as SloCorrection['mode'], reason: '' };

/** An instant in UTC from what a field for local times holds. */
const instantOf = (text: string): string => `${text}:00Z`;

function Add({ workspace, id }: { workspace: string; id: string }) {
  const { t } = useT();
  const { session } = useApp();
  const done = useDone();
  const [draft, setDraft] = useState(nothing);
  const deed = useMutation({
    mutationFn: (body: CorrectionRequest) => correctSlo(workspace, session.csrf_token, id, body),
    onSuccess: () => {
      setDraft(nothing);
      return done();
    },
  });
  const change = (part: Partial<typeof nothing>) => {
    setDraft({ ...draft, ...part });
    deed.reset();
  };
  const ready = draft.from !== '' && draft.to > draft.from && draft.reason.trim() !== '';
  const problems = deed.error instanceof ApiError ? deed.error.fields.map(([field, text]) => `${field}: ${text}`) : [];
  return (
    <fieldset className={styles.add} disabled={deed.isPending}>
      <legend>{t('slo.correct')}</legend>
      <p className={styles.quiet}>{t('slo.correct_note')}</p>
      <div className={styles.fields}>
        <TextInput size="xs" type="datetime-local" label={t('slo.correct.from')} value={draft.from} onChange={(event) => change({ from: event.currentTarget.value })} />
        <TextInput size="xs" type="datetime-local" label={t('slo.correct.to')} value={draft.to} error={draft.from !== '' && draft.to !== '' && draft.to <= draft.from && t('range.invalid')} onChange={(event) => change({ to: event.currentTarget.value })} />
        <NativeSelect
          size="xs"
          label={t('slo.correct.mode')}
          value={draft.mode}
          onChange={(event) => change({ mode: event.currentTarget.value === 'good' ? 'good' : 'exclude' })}
          data={(['exclude', 'good'] as const).map((mode) => ({ value: mode as string, label: t(`slo.mode.${mode}`) }))}
        />
      </div>
      <Textarea size="xs" label={t('slo.correct.reason')} value={draft.reason} maxLength={500} rows={2} onChange={(event) => change({ reason: event.currentTarget.value })} />
      <div>
        <Button size="xs" disabled={!ready} loading={deed.isPending} onClick={() => deed.mutate({ from: instantOf(draft.from), to: instantOf(draft.to), mode: draft.mode, reason: draft.reason.trim() })}>
          {t('slo.correct.add')}
        </Button>
      </div>
      <output aria-live="polite">
        {deed.error && [deed.error.message, ...problems].filter(Boolean).join(' · ')}
        {deed.isSuccess && t('slo.correct.done')}
      </output>
    </fieldset>
  );
}
