import type { DeploymentStory, StoryDeployment } from '../../api/types';
import type { MessageId } from '../../i18n/i18n';
import type { Translate } from '../../i18n/useT';
import { en } from './messages.en';

/** What tells a deployment from its neighbours: version, short commit, branch or tag, or the source's id. */
export function nameOf({ version, commit, ref, external_id }: StoryDeployment): string {
  return version || commit?.slice(0, 10) || ref || external_id;
}

/** The word of a value of a field; a value without a word speaks for itself, none is undefined. */
export function wordOf(field: 'actor' | 'change_kind' | 'rollout', value: string | undefined, t: Translate): string | undefined {
  if (!value) return undefined;
  const id = `deployment.${field}.${value}`;
  return Object.hasOwn(en, id) ? t(id as MessageId) : value;
}

/** Why a deployment ships no change, in the order in which the reasons hold. */
export function nothingShipped({ deployment, commits, method }: DeploymentStory, t: Translate): string {
  const { outcome, commit, status } = deployment;
  if (status === 'running') return t('deployment.ships.running');
  if (!outcome.counted) return t('deployment.ships.not_counted');
  if (outcome.baseline) return t('deployment.ships.baseline');
  if (outcome.rollback) return t('deployment.ships.rollback');
  if (outcome.redeployment) return t('deployment.ships.redeployment');
  if (!commit) return t('deployment.ships.no_commit');
  if (method === 'none') return t('deployment.ships.not_found');
  return commits > 0 ? t('deployment.ships.commits_only') : t('deployment.ships.nothing');
}
