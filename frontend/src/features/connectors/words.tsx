import { useQuery } from '@tanstack/react-query';
import { policiesQuery } from '../../api/queries';
import type { Connection, ConnectionState } from '../../api/types';
import type { Translate } from '../../i18n/useT';
import { formatDateTime, formatDuration } from '../../ui/format';
import { StateBadge } from '../../ui/StateBadge';
import { missingPermissions, shapes, stateOf } from './logic';

export const stateText = (state: ConnectionState, t: Translate): string => t(`connectors.state.${state}`);

/** The state as shape, colour and word. */
export function ConnectionBadge({ connection, t }: { connection: Connection; t: Translate }) {
  const state = stateOf(connection);
  return <StateBadge status={shapes[state]}>{stateText(state, t)}</StateBadge>;
}

/** The time zone of the workspace; UTC until it is known. */
export function useZone(workspace: string): string {
  return useQuery(policiesQuery(workspace)).data?.items[0]?.policy.time_zone || 'UTC';
}

/** What is to be said of a connection besides its state, the worst first. */
export function notesOf(connection: Connection, t: Translate, locale: string, zone: string): readonly string[] {
  const { health, asked, deliveries } = connection;
  if (!health) return [];
  const missing = missingPermissions(asked);
  return [
    health.wrong,
    health.state === 'late' &&
      t(health.usual_pause_seconds === null ? 'connectors.note.silent' : 'connectors.note.late', { pause: formatDuration(health.usual_pause_seconds, locale) }),
    health.expiring && t('connectors.note.expiring', { time: formatDateTime(asked?.expires_at, locale, zone) }),
    missing > 0 && t('connectors.note.permissions', { count: missing }),
    health.state === 'waiting' && health.turned_away !== null && t('connectors.note.turned_away', { count: health.turned_away.count }),
    deliveries.rejected > 0 && t('connectors.note.dead', { count: deliveries.rejected }),
  ].filter((note): note is string => note !== false && note !== '');
}
