import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { known } from '../../api/known';
import { ApiError } from '../../api/problem';
import { previewAlertRules, saveSettings } from '../../api/queries';
import type { Connection } from '../../api/types';
import { useApp } from '../../app/context';
import { useT } from '../../i18n/useT';
import { Command } from '../../ui/Command';
import { CopyButton } from '../../ui/CopyButton';
import { LongWait } from '../../ui/LongWait';
import { Panel } from '../../ui/Panel';
import { ErrorState } from '../../ui/states';
import { AlertPreview } from './AlertPreview';
import { asYaml, newRule, ruleLists, rulesOf, ruleTexts, withLines, withRules, withText, type AlertRule } from './alertRules';
import styles from './connectors.module.css';

/** Whether alerts come through a connection. */
export const takesAlerts = ({ source }: Connection): boolean => source === 'alertmanager' || source === 'grafana';

interface AlertRulesProps {
  readonly connection: Connection;
  readonly workspace: string;
  readonly zone: string;
}

/** Which alerts are incidents: edited, tried on the last 30 days, and only then put in force. */
export function AlertRules({ connection, workspace, zone }: AlertRulesProps) {
  const { t } = useT();
  const { session } = useApp();
  const client = useQueryClient();
  const [rules, setRules] = useState(rulesOf(connection.settings));
  const settings = withRules(connection.settings, rules);
  const trial = useMutation({ mutationFn: () => previewAlertRules(workspace, session.csrf_token, connection.id, settings) });
  const deed = useMutation({
    mutationFn: () => saveSettings(workspace, session.csrf_token, connection.id, settings),
    onSuccess: () => client.invalidateQueries(),
  });
  const change = (next: readonly AlertRule[]) => {
    setRules(next);
    trial.reset();
    deed.reset();
  };
  const set = (at: number, rule: AlertRule) => change(rules.map((old, i) => (i === at ? rule : old)));
  const error = deed.error ?? trial.error;
  const problems = new Map(error instanceof ApiError ? error.fields.map(([field, text]) => [field.replace(/^settings\./, ''), text]) : []);
  const changed = JSON.stringify(rules) !== JSON.stringify(rulesOf(connection.settings));
  return (
    <Panel title={t('connectors.rules')}>
      <p className={styles.hint}>{t('connectors.rules_text')}</p>
      <div className={styles.rules}>
        {rules.map((rule, at) => (
          // Rules have no other name while they are edited.
          // oxlint-disable-next-line react/no-array-index-key
          <Rule key={at} at={at} rule={rule} problems={problems} onChange={(next) => set(at, next)} onRemove={() => change(rules.filter((_, i) => i !== at))} />
        ))}
      </div>
      {rules.length === 0 && <p>{t('connectors.rules_none')}</p>}
      <div className={styles.actions}>
        <Button size="xs" loading={trial.isPending} onClick={() => trial.mutate()}>
          {t('connectors.rules_preview')}
        </Button>
        <Button size="xs" variant="default" onClick={() => change([...rules, newRule(rules)])}>
          {t('connectors.rules_add')}
        </Button>
        <Button size="xs" variant="default" disabled={!changed} onClick={() => change(rulesOf(connection.settings))}>
          {t('connectors.rules_reset')}
        </Button>
      </div>
      {trial.isPending && <LongWait />}
      {problems.size > 0 && (
        <p role="alert" className={styles.warning}>
          {[...problems].map(([field, text]) => `${field}: ${text}`).join(' · ')}
        </p>
      )}
      {error && problems.size === 0 && <ErrorState error={error} />}
      {trial.data && <AlertPreview preview={trial.data} zone={zone} />}
      {trial.data && changed && (
        <Activation
          connection={connection}
          settings={settings}
          mayChange={session.principal.role === 'admin' && !known.asOf}
          busy={deed.isPending}
          onActivate={() => deed.mutate()}
        />
      )}
    </Panel>
  );
}

interface RuleProps {
  readonly at: number;
  readonly rule: AlertRule;
  /** Messages of the server by field. */
  readonly problems: ReadonlyMap<string, string>;
  readonly onChange: (rule: AlertRule) => void;
  readonly onRemove: () => void;
}

function Rule({ at, rule, problems, onChange, onRemove }: RuleProps) {
  const { t } = useT();
  const wrong = (name: string) => [...problems].find(([field]) => field.startsWith(`rules[${at}].${name}`))?.[1];
  return (
    <fieldset>
      <legend>{t('connectors.rule', { number: at + 1, name: rule.name ?? '' })}</legend>
      {ruleTexts.map((name) => (
        <TextInput
          key={name}
          size="xs"
          label={t(`connectors.rule.${name}`)}
          description={t(`connectors.rule_hint.${name}`)}
          value={rule[name] ?? ''}
          error={wrong(name)}
          onChange={(event) => onChange(withText(rule, name, event.currentTarget.value))}
          spellCheck={false}
        />
      ))}
      {ruleLists.map((name) => (
        <Lines
          key={name}
          label={t(`connectors.rule.${name}`)}
          hint={t(`connectors.rule_hint.${name}`)}
          list={rule[name] ?? []}
          error={wrong(name)}
          onChange={(lines) => onChange(withLines(rule, name, lines))}
        />
      ))}
      <Button size="xs" variant="default" onClick={onRemove}>
        {t('connectors.rule_remove', { name: rule.name ?? String(at + 1) })}
      </Button>
    </fieldset>
  );
}

interface LinesProps {
  readonly label: string;
  readonly hint: string;
  readonly list: readonly string[];
  readonly error: string | undefined;
  readonly onChange: (lines: string) => void;
}

/** A list, one element per line; the text is kept as it is typed. */
function Lines({ label, hint, list, error, onChange }: LinesProps) {
  const [draft, setDraft] = useState(list.join('\n'));
  return (
    <Textarea
      size="xs"
      label={label}
      description={hint}
      value={draft}
      error={error}
      onChange={(event) => {
        setDraft(event.currentTarget.value);
        onChange(event.currentTarget.value);
      }}
      autosize
      minRows={2}
      maxRows={8}
      spellCheck={false}
    />
  );
}

interface ActivationProps {
  readonly connection: Connection;
  readonly settings: Record<string, unknown>;
  readonly mayChange: boolean;
  readonly busy: boolean;
  readonly onActivate: () => void;
}

/** Puts tried rules in force, or says where somebody can. */
function Activation({ connection, settings, mayChange, busy, onActivate }: ActivationProps) {
  const { t } = useT();
  const byConfig = connection.managed === 'config';
  if (!byConfig && mayChange) {
    return (
      <div className={styles.activation}>
        <p>{t('connectors.activate_text')}</p>
        <Button size="xs" loading={busy} onClick={onActivate}>
          {t('connectors.activate')}
        </Button>
      </div>
    );
  }
  const yaml = asYaml(connection.name, connection.source, connection.secrets, settings);
  return (
    <div className={styles.activation}>
      <p>{t(byConfig ? 'connectors.activate_config' : 'connectors.activate_admin')}</p>
      <Command>{yaml}</Command>
      <CopyButton label={t('connectors.copy_settings')} text={yaml} />
    </div>
  );
}
