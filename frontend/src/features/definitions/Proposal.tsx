import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { ApiError } from '../../api/problem';
import { previewPolicy, savePolicy } from '../../api/queries';
import type { PolicyBody, PolicyVersion } from '../../api/types';
import { useApp } from '../../app/context';
import { useT } from '../../i18n/useT';
import { LongWait } from '../../ui/LongWait';
import { Panel } from '../../ui/Panel';
import { ErrorState } from '../../ui/states';
import styles from './definitions.module.css';
import { PolicyForm } from './PolicyForm';
import { Preview } from './Preview';

interface ProposalProps {
  readonly workspace: string;
  readonly base: PolicyVersion;
  readonly mayCommit: boolean;
  readonly onSaved: (version: string) => void;
}

/** A change of the rules: edited, tried on the last year, and only then saved. */
export function Proposal({ workspace, base, mayCommit, onSaved }: ProposalProps) {
  const { t } = useT();
  const { session } = useApp();
  const client = useQueryClient();
  const [policy, setPolicy] = useState<PolicyBody>(base.policy);
  const [note, setNote] = useState('');
  const why = useId();
  const trial = useMutation({ mutationFn: () => previewPolicy(workspace, session.csrf_token, policy) });
  const deed = useMutation({
    mutationFn: (force: boolean) => savePolicy(workspace, session.csrf_token, { policy, note, base: base.digest, ...(force && { force }) }),
    onSuccess: (saved) => {
      onSaved(saved.version);
      return client.invalidateQueries();
    },
  });
  const change = (next: PolicyBody) => {
    setPolicy(next);
    trial.reset();
    deed.reset();
  };
  const error = deed.error ?? trial.error;
  const problems = new Map(error instanceof ApiError ? error.fields : []);
  const changed = JSON.stringify(policy) !== JSON.stringify(base.policy);
  const ready = trial.data !== undefined && note.trim() !== '' && mayCommit;
  return (
    <>
      <Panel title={t(mayCommit ? 'definitions.change' : 'definitions.try')}>
        {!mayCommit && <p className={styles.hint}>{t('definitions.viewer')}</p>}
        <PolicyForm workspace={workspace} policy={policy} problems={problems} onChange={change} />
        <div className={styles.actions}>
          <Button size="xs" disabled={!changed} loading={trial.isPending} onClick={() => trial.mutate()}>
            {t('definitions.preview')}
          </Button>
          <Button size="xs" variant="default" disabled={!changed} onClick={() => change(base.policy)}>
            {t('definitions.reset')}
          </Button>
          {!changed && <span className={styles.hint}>{t('definitions.unchanged')}</span>}
        </div>
        {trial.isPending && <LongWait />}
        {problems.size > 0 && (
          <p role="alert" className={styles.warning}>
            {t('definitions.problems', { count: problems.size })}: {[...problems].map(([field, text]) => `${field}: ${text}`).join(' · ')}
          </p>
        )}
        {error && problems.size === 0 && <ErrorState error={error} />}
      </Panel>
      {trial.data && (
        <Panel title={t('definitions.preview_title')}>
          <Preview preview={trial.data} workspace={workspace} />
          {mayCommit && (
            <div className={styles.save}>
              <Textarea id={why} size="xs" required label={t('definitions.note')} description={t('definitions.note_hint')} value={note} onChange={(event) => setNote(event.currentTarget.value)} autosize minRows={2} />
              <Button size="xs" disabled={!ready || trial.data.nothing} loading={deed.isPending} onClick={() => deed.mutate(false)}>
                {t('definitions.save')}
              </Button>
              {trial.data.nothing && (
                <Button size="xs" color="red" variant="outline" disabled={!ready} onClick={() => deed.mutate(true)}>
                  {t('definitions.force')}
                </Button>
              )}
            </div>
          )}
        </Panel>
      )}
    </>
  );
}
