import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { StoryDeployment } from '../../api/types';
import { useT, type Translate } from '../../i18n/useT';
import { CopyButton } from '../../ui/CopyButton';
import { formatDateTime, formatDuration } from '../../ui/format';
import { PageHeader } from '../../ui/PageHeader';
import { environmentName } from '../application/DeliveryControls';
import { DeploymentStatus } from '../application/rows';
import classes from './deployment.module.css';
import { nameOf, wordOf } from './words';

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The environment with its class, where the two differ. */
export function environmentText({ environment, environment_class: kind }: StoryDeployment, t: Translate): string {
  if (!environment) return t('deployment.no_environment');
  const name = kind ? environmentName(kind, t) : '';
  return name === '' || name.toLowerCase() === environment.toLowerCase() ? environment : t('deployment.environment_class', { environment, name });
}

/** Seconds between start and end, if both are known and in order. */
export function tookSeconds({ started_at: start, finished_at: end }: StoryDeployment): number | null {
  if (!start || !end) return null;
  const seconds = (Date.parse(end) - Date.parse(start)) / 1000;
  return seconds >= 0 ? seconds : null;
}

function Applications({ workspace, deployment }: DeploymentHeaderProps) {
  const { t } = useT();
  if (deployment.belongs_to.length === 0) return t('deployment.unclaimed');
  return deployment.belongs_to.map(({ slug, name }, index) => (
    <span key={slug}>
      {index > 0 && ', '}
      <Link to="/w/$workspace/applications/$slug" params={{ workspace, slug }} search={{}}>
        {name}
      </Link>
    </span>
  ));
}

function Commit({ commit }: { commit: string | undefined }) {
  const { t } = useT();
  if (!commit) return t('deployment.no_commit');
  return (
    <span className={classes.copied}>
      <code title={commit}>{commit.slice(0, 10)}</code>
      <CopyButton text={commit} label={t('deployment.copy')} />
    </span>
  );
}

interface DeploymentHeaderProps {
  workspace: string;
  deployment: StoryDeployment;
}

/** What was deployed, where, how it ended, and by what sort of actor; never by whom. */
export function DeploymentHeader({ workspace, deployment }: DeploymentHeaderProps) {
  const { t, locale } = useT();
  const [first] = deployment.belongs_to;
  const took = tookSeconds(deployment);
  const trail = [
    <Link key="all" to="/w/$workspace/applications" params={{ workspace }} search={{}}>
      {t('nav.applications')}
    </Link>,
    ...(first
      ? [
          <Link key={first.slug} to="/w/$workspace/applications/$slug" params={{ workspace, slug: first.slug }} search={{}}>
            {first.name}
          </Link>,
        ]
      : []),
  ];
  const optional = [
    ['deployment.change_kind', wordOf('change_kind', deployment.change_kind, t)],
    ['deployment.rollout', wordOf('rollout', deployment.rollout, t)],
    ['deployment.ref', deployment.ref],
    ['deployment.artifact', deployment.artifact],
    ['deployment.group', deployment.group],
    ['deployment.attempt', deployment.attempt ? String(deployment.attempt) : undefined],
  ] as const;
  return (
    <header className={classes.header}>
      <PageHeader
        title={t('deployment.title', { version: nameOf(deployment) })}
        trail={trail}
        scope={<DeploymentStatus status={deployment.status ?? ''} t={t} />}
      />
      <dl className={classes.facts}>
        <Fact label={t('column.application')}>
          <Applications workspace={workspace} deployment={deployment} />
        </Fact>
        <Fact label={t('delivery.environment')}>{environmentText(deployment, t)}</Fact>
        <Fact label={t('deployment.finished')}>
          {deployment.finished_at ? `${formatDateTime(deployment.finished_at, locale)} UTC` : t('deployment.not_finished')}
        </Fact>
        <Fact label={t('deployment.took')}>{took === null ? t('deployment.unknown') : formatDuration(took, locale)}</Fact>
        <Fact label={t('deployment.actor')}>{wordOf('actor', deployment.actor_kind, t) ?? t('deployment.unknown')}</Fact>
        <Fact label={t('delivery.column.repository')}>{deployment.repository || t('deployment.unknown')}</Fact>
        <Fact label={t('deployment.commit')}>
          <Commit commit={deployment.commit} />
        </Fact>
        {optional.map(([label, value]) => value && <Fact key={label} label={t(label)}>{value}</Fact>)}
        <Fact label={t('deployment.source')}>
          {deployment.source} <code>{deployment.external_id}</code>
        </Fact>
      </dl>
    </header>
  );
}
