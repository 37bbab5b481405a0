import { useQuery } from '@tanstack/react-query';
import { exampleQuery } from '../../api/queries';
import type { Connection } from '../../api/types';
import { useT } from '../../i18n/useT';
import { Command } from '../../ui/Command';
import { CopyButton } from '../../ui/CopyButton';
import { formatDateTime, formatTime } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { StatusMark } from '../../ui/StateBadge';
import { turnedAwayText } from './Health';
import styles from './connectors.module.css';

/** How often one looks while nothing has come. */
export const waitEvery = 3000;

interface WaitingProps {
  readonly connection: Connection;
  readonly workspace: string;
  readonly zone: string;
  /** When the connection was last looked at, in milliseconds. */
  readonly at: number;
}

/** Waits for the first delivery of a new connection, and says when it is there. */
export function Waiting({ connection, workspace, zone, at }: WaitingProps) {
  const { t, locale } = useT();
  const came = connection.last_delivery_at;
  const turned = connection.health?.turned_away;
  return (
    <Panel title={t('connectors.first')}>
      <p className={styles.first} data-status={came ? 'good' : 'unknown'}>
        <StatusMark status={came ? 'good' : 'unknown'} size={20} />
        <output aria-live="polite">{came ? t('connectors.first_came', { time: formatDateTime(came, locale, zone) }) : t('connectors.first_waits')}</output>
      </p>
      {!came && (
        <>
          <p className={styles.hint}>
            {t('connectors.looked', { time: formatTime(at, locale, zone) })}
            {turned && ` ${t('connectors.first_turned', { count: turned.count, reason: turnedAwayText(turned.reason, t), time: formatDateTime(turned.last_at, locale, zone) })}`}
          </p>
          <div className={styles.address}>
            <code className={styles.code}>{connection.url}</code>
            <CopyButton label={t('connectors.copy_address')} text={connection.url} />
          </div>
          <Example connection={connection} workspace={workspace} />
        </>
      )}
    </Panel>
  );
}

/** The same command for a connection that works already. */
export function TryIt({ connection, workspace }: { connection: Connection; workspace: string }) {
  const { t } = useT();
  return (
    <Panel title={t('connectors.try')}>
      <Example connection={connection} workspace={workspace} />
    </Panel>
  );
}

/** A command that sends a signed delivery; the secret stays in the reader's environment. */
function Example({ connection, workspace }: { connection: Connection; workspace: string }) {
  const { t } = useT();
  const example = useQuery(exampleQuery(workspace, connection.id)).data;
  if (!example) return null;
  if (example.command === null) return <p className={styles.hint}>{t('connectors.no_example', { source: connection.title })}</p>;
  return (
    <div className={styles.example}>
      <p className={styles.hint}>{t('connectors.example', { variable: example.variable })}</p>
      <Command>{example.command}</Command>
      <CopyButton label={t('connectors.copy_command')} text={example.command} />
    </div>
  );
}
