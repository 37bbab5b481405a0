import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ApplicationDetail } from '../../api/types';
import type { MessageId } from '../../i18n/i18n';
import { useT } from '../../i18n/useT';
import { formatDate, formatDateTime, formatNumber } from '../../ui/format';
import { PageHeader } from '../../ui/PageHeader';
import { StateBadge } from '../../ui/StateBadge';
import type { Url } from '../../url/useUrl';
import { stateStatus } from '../delivery/dataState';
import classes from './application.module.css';

const cadences: Record<string, MessageId> = {
  daily: 'cadence.daily',
  weekly: 'cadence.weekly',
  monthly: 'cadence.monthly',
  quarterly: 'cadence.quarterly',
  'on-demand': 'cadence.on-demand',
};

/** The message that names a wanted cadence. */
export function cadenceMessage(cadence: string): MessageId {
  return Object.hasOwn(cadences, cadence) ? cadences[cadence]! : 'cadence.none';
}

function claimText(claim: unknown): string {
  return typeof claim === 'string' ? claim : JSON.stringify(claim);
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Sources({ application }: { application: ApplicationDetail }) {
  const { t } = useT();
  const { repositories, claims } = application;
  if (repositories.length === 0 && claims.length === 0) return null;
  return (
    <details className={classes.sources}>
      <summary>
        {t('application.sources', { repositories: repositories.length, claims: claims.length })}
      </summary>
      <dl>
        <Fact label={t('application.repositories')}>
          {repositories.length === 0 ? t('application.none_known') : <Codes list={repositories} />}
        </Fact>
        <Fact label={t('application.claims')}>
          {claims.length === 0 ? t('application.no_claims') : <Codes list={claims.map(claimText)} />}
        </Fact>
      </dl>
    </details>
  );
}

function Codes({ list }: { list: string[] }) {
  return (
    <ul>
      {list.map((text) => (
        <li key={text}>
          <code>{text}</code>
        </li>
      ))}
    </ul>
  );
}

/** Who owned the application one after the other. */
function Owners({ owners }: { owners: ApplicationDetail['owners'] }) {
  const { t, locale } = useT();
  const words = owners.map(({ group, from }) => {
    const name = group.name || t('applications.no_group');
    return from ? t('application.owned_since', { name, date: formatDate(from, locale) }) : name;
  });
  return <p className={classes.owners}>{t('application.owners', { owners: words.join(', ') })}</p>;
}

interface ApplicationHeaderProps {
  application: ApplicationDetail;
  workspace: string;
  url: Url;
}

/** What an application is: owner, tier, wanted cadence, state of its data. */
export function ApplicationHeader({ application, workspace, url }: ApplicationHeaderProps) {
  const { t, locale } = useT();
  const { tier, group } = application;
  const trail = [
    <Link key="applications" to="/w/$workspace/applications" params={{ workspace }} search={{}}>
      {t('nav.applications')}
    </Link>,
  ];
  return (
    <div className={classes.header}>
      <PageHeader
        title={application.name}
        trail={trail}
        url={url}
        controls={
          <Link className={classes.changed} to="/w/$workspace/changed" params={{ workspace }} search={{ app: application.slug }}>
            {t('nav.changed')}
          </Link>
        }
        scope={<StateBadge status={stateStatus[application.state]}>{t(`state.${application.state}`)}</StateBadge>}
      />
      <dl className={classes.facts}>
        <Fact label={t('column.group')}>
          {group ? (
            <Link to="/w/$workspace/groups/$slug" params={{ workspace, slug: group.slug }} search={{}}>
              {group.name}
            </Link>
          ) : (
            t('applications.no_group')
          )}
        </Fact>
        {application.capability && (
          <Fact label={t('application.capability')}>
            <Link to="/w/$workspace/capabilities/$slug" params={{ workspace, slug: application.capability.slug }} search={{}}>
              {application.capability.name}
            </Link>
          </Fact>
        )}
        <Fact label={t('column.tier')}>
          {tier >= 1 && tier <= 4 ? t(`application.tier.${tier as 1 | 2 | 3 | 4}`) : t('tier.none')}
        </Fact>
        <Fact label={t('column.cadence')}>{t(cadenceMessage(application.cadence))}</Fact>
        <Fact label={t('column.last')}>
          {application.last_deployment_at
            ? formatDateTime(application.last_deployment_at, locale)
            : t('application.never')}
        </Fact>
        <Fact label={t('column.deployments')}>{formatNumber(application.deployments, locale)}</Fact>
      </dl>
      {application.owners.length > 1 && <Owners owners={application.owners} />}
      <Sources application={application} />
    </div>
  );
}
