import '@mantine/core/styles/Checkbox.layer.css';
import { Button, Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { applicationsQuery } from '../../api/queries';
import type { PolicyBody, PolicyOverride } from '../../api/types';
import type { MessageId } from '../../i18n/i18n';
import { useT } from '../../i18n/useT';
import styles from './definitions.module.css';
import { choices, environmentLines, environmentsOf, linesOf, lists, listOf, marks, messageFor, texts, withList, withMember, withOverride, type Choice } from './fields';

interface FormProps {
  readonly workspace: string;
  readonly policy: PolicyBody;
  /** Messages of the server by field. */
  readonly problems: ReadonlyMap<string, string>;
  readonly onChange: (policy: PolicyBody) => void;
}

/** Every member of the policy, in the groups of the sentences above. */
export function PolicyForm({ workspace, policy, problems, onChange }: FormProps) {
  const { t } = useT();
  return (
    <div className={styles.form}>
      <fieldset>
        <legend>{t('definitions.group.deployments')}</legend>
        <Lines field="environments" value={environmentLines(policy.environments)} problems={problems} onChange={(lines) => onChange({ ...policy, environments: environmentsOf(lines) })} />
        {lists.map((name) => (
          <Lines key={name} field={`deployments.${name}`} value={linesOf(policy.deployments[name])} problems={problems} onChange={(lines) => onChange({ ...policy, deployments: withList(policy.deployments, name, lines) })} />
        ))}
      </fieldset>
      <fieldset>
        <legend>{t('definitions.group.figures')}</legend>
        {(Object.keys(choices) as Choice[]).map((name) => (
          <Word key={name} name={name} field={name} value={policy[name] ?? ''} problems={problems} optional={name === 'cadence'} onChange={(value) => onChange({ ...policy, [name]: value })} />
        ))}
        {texts.map((name) => (
          <Line key={name} name={name} field={name} value={policy[name] ?? ''} problems={problems} onChange={(value) => onChange({ ...policy, [name]: value })} />
        ))}
        <Checkbox size="xs" label={t('definitions.field.infer_failures')} checked={policy.infer_failures} onChange={(event) => onChange({ ...policy, infer_failures: event.currentTarget.checked })} />
        <Line
          name="effective_from"
          field="effective_from"
          value={policy.effective_from?.slice(0, 10) ?? ''}
          problems={problems}
          type="date"
          onChange={(value) => {
            const { effective_from: _, ...rest } = policy;
            onChange(value ? { ...rest, effective_from: `${value}T00:00:00Z` } : rest);
          }}
        />
      </fieldset>
      <details>
        <summary>{t('definitions.group.marks')}</summary>
        {(['assisted', 'bots'] as const).map((side) => (
          <fieldset key={side}>
            <legend>{t(`definitions.${side}`)}</legend>
            {marks.map((name) => (
              <Lines key={name} field={`${side}.${name}`} value={linesOf(policy[side][name])} problems={problems} onChange={(lines) => onChange({ ...policy, [side]: { ...policy[side], [name]: listOf(lines) } })} />
            ))}
          </fieldset>
        ))}
      </details>
      <Overrides workspace={workspace} policy={policy} problems={problems} onChange={onChange} />
    </div>
  );
}

interface FieldProps {
  readonly field: string;
  readonly value: string;
  readonly problems: ReadonlyMap<string, string>;
  readonly onChange: (value: string) => void;
}

/** Patterns, one per line. The text is kept as it is typed. */
function Lines({ field, value, problems, onChange }: FieldProps) {
  const { t } = useT();
  const [draft, setDraft] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value && value !== normal(draft)) {
    setKnown(value);
    setDraft(value);
  }
  const change = (text: string) => {
    setDraft(text);
    onChange(text);
  };
  const name = field.replace(/^applications\.[^.]+\./, '') as 'environments';
  return (
    <Textarea size="xs" label={t(`definitions.field.${name}`)} description={t(`definitions.hint.${hintOf(name)}` as MessageId)} value={draft} error={messageFor(problems, field)} onChange={(event) => change(event.currentTarget.value)} autosize minRows={2} maxRows={8} spellCheck={false} />
  );
}

const normal = (text: string): string => listOf(text).join('\n');
const hintOf = (name: string): string => (name === 'environments' ? 'environments' : name.endsWith('artifact_kinds') ? 'artifact_kinds' : 'patterns');

function Word({ name, field, value, problems, optional = false, onChange }: FieldProps & { readonly name: Choice; readonly optional?: boolean }) {
  const { t } = useT();
  const data = choices[name].map((word) => ({ value: word as string, label: t(`definitions.${name}.${word}` as MessageId) }));
  return (
    <NativeSelect size="xs" label={t(`definitions.field.${name}`)} value={value} error={messageFor(problems, field)} onChange={(event) => onChange(event.currentTarget.value)} data={optional ? [{ value: '', label: t('definitions.unstated') }, ...data] : data} />
  );
}

function Line({ name, field, value, problems, type, onChange }: FieldProps & { readonly name: (typeof texts)[number] | 'effective_from'; readonly type?: string }) {
  const { t } = useT();
  return (
    <TextInput size="xs" type={type ?? 'text'} label={t(`definitions.field.${name}`)} description={t(`definitions.hint.${name}`)} value={value} error={messageFor(problems, field)} onChange={(event) => onChange(event.currentTarget.value)} spellCheck={false} />
  );
}

/** Rules of single applications; what is left empty is as for the workspace. */
function Overrides({ workspace, policy, problems, onChange }: FormProps) {
  const { t } = useT();
  const applications = useInfiniteQuery(applicationsQuery({ workspace, limit: 500 }));
  const known = (applications.data?.pages ?? []).flatMap((page) => page.items);
  const held = Object.keys(policy.applications ?? {}).toSorted();
  const free = known.filter(({ slug }) => !held.includes(slug)).toSorted((a, b) => a.name.localeCompare(b.name));
  return (
    <fieldset>
      <legend>{t('definitions.group.overrides')}</legend>
      {held.map((slug) => (
        <Override key={slug} slug={slug} override={policy.applications?.[slug] ?? {}} problems={problems} onChange={(next) => onChange(withOverride(policy, slug, next))} />
      ))}
      <NativeSelect size="xs" label={t('definitions.override_add')} value="" onChange={(event) => event.currentTarget.value && onChange(withOverride(policy, event.currentTarget.value, {}))} data={[{ value: '', label: t('definitions.override_pick') }, ...free.map(({ slug, name }) => ({ value: slug, label: name }))]} />
    </fieldset>
  );
}

interface OverrideProps {
  readonly slug: string;
  readonly override: PolicyOverride;
  readonly problems: ReadonlyMap<string, string>;
  /** Null removes the overrides. */
  readonly onChange: (override: PolicyOverride | null) => void;
}

function Override({ slug, override, problems, onChange }: OverrideProps) {
  const { t } = useT();
  const field = `applications.${slug}`;
  const own = problems.get(field);
  return (
    <details open className={styles.override}>
      <summary>{slug}</summary>
      {own && <p className={styles.warning}>{own}</p>}
      <Lines field={`${field}.environments`} value={environmentLines(override.environments)} problems={problems} onChange={(lines) => onChange(withMember(override, 'environments', lines.trim() === '' ? '' : environmentsOf(lines)))} />
      {lists.map((name) => (
        <Lines
          key={name}
          field={`${field}.deployments.${name}`}
          value={linesOf(override.deployments?.[name])}
          problems={problems}
          onChange={(lines) => {
            const rule = withList(override.deployments, name, lines);
            onChange(withMember(override, 'deployments', Object.keys(rule).length > 0 ? rule : ''));
          }}
        />
      ))}
      {(Object.keys(choices) as Choice[]).map((name) => (
        <Word key={name} name={name} field={`${field}.${name}`} value={override[name] ?? ''} problems={problems} optional onChange={(value) => onChange(withMember(override, name, value))} />
      ))}
      {texts.map((name) => (
        <Line key={name} name={name} field={`${field}.${name}`} value={override[name] ?? ''} problems={problems} onChange={(value) => onChange(withMember(override, name, value))} />
      ))}
      <NativeSelect
        size="xs"
        label={t('definitions.field.infer_failures')}
        value={override.infer_failures === undefined ? '' : String(override.infer_failures)}
        onChange={(event) => onChange(withMember(override, 'infer_failures', event.currentTarget.value === '' ? '' : event.currentTarget.value === 'true'))}
        data={[
          { value: '', label: t('definitions.unstated') },
          { value: 'true', label: t('definitions.yes') },
          { value: 'false', label: t('definitions.no') },
        ]}
      />
      <Button size="xs" variant="default" onClick={() => onChange(null)}>
        {t('definitions.override_remove', { slug })}
      </Button>
    </details>
  );
}
