import type { PolicyBody } from '../../api/types';
import { useT, type Translate } from '../../i18n/useT';
import styles from './definitions.module.css';

/** The rules as sentences, in the order in which they are applied. */
export function Sentences({ policy }: { policy: PolicyBody }) {
  const { t } = useT();
  return (
    <ul className={styles.sentences}>
      {sentences(policy, t).map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}

function sentences(policy: PolicyBody, t: Translate): string[] {
  const { sources, refs, exclude_refs, artifact_kinds } = policy.deployments;
  const production = policy.environments.filter((rule) => rule.class === 'production').map(({ pattern }) => pattern);
  const overrides = Object.keys(policy.applications ?? {}).toSorted();
  return [
    t('definitions.say.environments', { patterns: production.join(', ') }),
    sources && t('definitions.say.sources', { patterns: sources.join(', ') }),
    refs && t('definitions.say.refs', { patterns: refs.join(', ') }),
    exclude_refs && t('definitions.say.exclude_refs', { patterns: exclude_refs.join(', ') }),
    artifact_kinds && t('definitions.say.artifact_kinds', { patterns: artifact_kinds.join(', ') }),
    t('definitions.say.lead', {
      aggregation: t(`definitions.aggregation.${policy.aggregation}` as 'definitions.aggregation.median'),
      unit: t(`definitions.unit.${policy.unit}` as 'definitions.unit.change'),
      start: t(`definitions.start.${policy.start}` as 'definitions.start.opened'),
    }),
    t(policy.infer_failures ? 'definitions.say.failures' : 'definitions.say.failures_explicit', {
      window: policy.failure_window,
      hotfix: policy.hotfix_window,
    }),
    t('definitions.say.recovery', { clock: t(`definitions.recovery.${policy.recovery}` as 'definitions.recovery.failure') }),
    t('definitions.say.calendar', { zone: policy.time_zone, day: t(`definitions.week_start.${policy.week_start}` as 'definitions.week_start.monday') }),
    policy.effective_from && t('definitions.say.effective', { day: policy.effective_from.slice(0, 10) }),
    overrides.length > 0 && t('definitions.say.overrides', { slugs: overrides.join(', ') }),
  ].filter((text): text is string => typeof text === 'string' && text !== '');
}
