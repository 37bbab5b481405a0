import '@mantine/core/styles/Checkbox.layer.css';
import { Button, Checkbox, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { incidentQuery, linkIncident, withdrawLink, type Candidate, type IncidentDetail } from '../../api/incident';
import { known } from '../../api/known';
import { useApp } from '../../app/context';
import type { MessageId } from '../../i18n/i18n';
import { useT } from '../../i18n/useT';
import { formatDuration, formatNumber } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { DeploymentLink, nameOf } from './Causes';
import classes from './incident.module.css';

interface CandidatesProps {
  workspace: string;
  incident: IncidentDetail;
}

type Deed = { readonly kind: 'link'; readonly ids: string[] } | { readonly kind: 'unlink' } | { readonly kind: 'withdraw' };

/** What may have caused it, and the means to say what did. */
export function Candidates({ workspace, incident }: CandidatesProps) {
  const { t } = useT();
  const [chosen, setChosen] = useState<readonly string[]>(() => incident.link?.deployments.map((d) => d.id) ?? []);
  const choose = (id: string, on: boolean) => setChosen((held) => (on ? [...held, id] : held.filter((one) => one !== id)));
  const { candidates } = incident;
  return (
    <Panel title={t('incident.candidates')}>
      {candidates.length === 0 ? (
        <p className={classes.quiet}>{t('incident.candidates_none')}</p>
      ) : (
        <>
          <p className={classes.quiet}>{t('incident.candidates_note')}</p>
          <Table workspace={workspace} incident={incident} chosen={chosen} onChoose={incident.may_link ? choose : null} />
        </>
      )}
      {incident.more_candidates && <p className={classes.quiet}>{t('incident.candidates_more')}</p>}
      {incident.may_link ? (
        <Say workspace={workspace} incident={incident} chosen={chosen} onWithdrawn={() => setChosen([])} />
      ) : (
        !known.asOf && <p className={classes.quiet}>{t('incident.read_only')}</p>
      )}
    </Panel>
  );
}

interface TableProps extends CandidatesProps {
  chosen: readonly string[];
  /** Null where the reader may only look. */
  onChoose: ((id: string, on: boolean) => void) | null;
}

function Table({ workspace, incident, chosen, onChoose }: TableProps) {
  const { t, locale } = useT();
  const cell = (row: Candidate) =>
    onChoose ? (
      <Checkbox
        checked={chosen.includes(row.id)}
        onChange={(event) => onChoose(row.id, event.currentTarget.checked)}
        aria-label={t('incident.choose', { name: nameOf(row) })}
      />
    ) : (
      t(row.linked ? 'incident.yes' : 'incident.no')
    );
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={classes.scroll} aria-label={t('incident.column.deployment')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('incident.column.laid')}</th>
            <th scope="col">{t('incident.column.deployment')}</th>
            <th scope="col">{t('incident.column.application')}</th>
            <th scope="col">{t('incident.column.environment')}</th>
            <th scope="col" className={classes.number}>
              {t('incident.column.before')}
            </th>
            <th scope="col" className={classes.number}>
              {t('incident.column.changes')}
            </th>
          </tr>
        </thead>
        <tbody>
          {incident.candidates.map((row) => (
            <tr key={row.id}>
              <td>{cell(row)}</td>
              <td>
                <DeploymentLink workspace={workspace} deployment={row} />
                {row.rollback && <span className={classes.quiet}> {t('incident.rollback')}</span>}
              </td>
              <td>{row.application.name}</td>
              <td>{row.environment}</td>
              <td className={classes.number}>{formatDuration(row.gap_seconds, locale)}</td>
              <td className={classes.number}>{formatNumber(row.changes, locale)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface SayProps extends CandidatesProps {
  chosen: readonly string[];
  onWithdrawn: () => void;
}

const done: Record<Deed['kind'], MessageId> = { link: 'incident.done.link', unlink: 'incident.done.unlink', withdraw: 'incident.done.withdraw' };

/** What changes when somebody says what caused an incident: everything that is derived. */
function useDeed({ workspace, incident }: CandidatesProps) {
  const { session } = useApp();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ deed, reason }: { deed: Deed; reason: string }) => {
      if (deed.kind === 'withdraw') return withdrawLink(workspace, incident.id, session.csrf_token, reason);
      return linkIncident(workspace, incident.id, session.csrf_token, { deployments: deed.kind === 'link' ? deed.ids : [], ...(reason && { reason }) });
    },
    onSuccess: (answer) => {
      client.setQueryData(incidentQuery(workspace, incident.id).queryKey, answer);
      return client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' && queryKey[0] !== 'incident' });
    },
  });
}

function Say({ workspace, incident, chosen, onWithdrawn }: SayProps) {
  const { t } = useT();
  const [reason, setReason] = useState('');
  const saying = useDeed({ workspace, incident });
  const say = (deed: Deed) =>
    saying.mutate(
      { deed, reason: reason.trim() },
      {
        onSuccess: () => {
          setReason('');
          if (deed.kind !== 'link') onWithdrawn();
        },
      },
    );
  const said = saying.data && saying.variables;
  return (
    <fieldset className={classes.say} disabled={saying.isPending}>
      <legend className="ek-hidden">{t('incident.say')}</legend>
      <p className={classes.quiet}>{t('incident.say_note')}</p>
      <Textarea label={t('incident.reason')} value={reason} maxLength={1000} rows={2} onChange={(event) => setReason(event.currentTarget.value)} />
      <div className={classes.actions}>
        <Button size="xs" disabled={chosen.length === 0} onClick={() => say({ kind: 'link', ids: [...chosen] })}>
          {t('incident.link', { count: chosen.length })}
        </Button>
        <Button size="xs" variant="default" onClick={() => say({ kind: 'unlink' })}>
          {t('incident.unlink')}
        </Button>
        {incident.link && (
          <Button size="xs" variant="default" onClick={() => say({ kind: 'withdraw' })}>
            {t('incident.withdraw')}
          </Button>
        )}
      </div>
      <output aria-live="polite">
        {saying.error && t('incident.failed', { reason: saying.error.message })}
        {said && t(done[said.deed.kind], { count: said.deed.kind === 'link' ? said.deed.ids.length : 0 })}
      </output>
    </fieldset>
  );
}
