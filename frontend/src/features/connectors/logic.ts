import { connectionStates, type Asked, type Connection, type ConnectionState } from '../../api/types';
import type { Status } from '../../ui/StateBadge';

/** The shape of each state. */
export const shapes: Readonly<Record<ConnectionState, Status>> = {
  refused: 'bad',
  unusable: 'bad',
  failing: 'bad',
  late: 'watch',
  paused: 'watch',
  waiting: 'unknown',
  flowing: 'good',
};

export const isState = (text: string): text is ConnectionState => connectionStates.some((state) => state === text);

/** The state of a connection; one that was just saved waits. */
export const stateOf = (connection: Connection): ConnectionState => connection.health?.state ?? 'waiting';

/** Permissions that the vendor says it does not grant. */
export const missingPermissions = (asked: Asked | null): number => asked?.permissions.filter(({ granted }) => granted === false).length ?? 0;

/** Whether somebody should look at a connection, whatever its state. */
export function needsCare(connection: Connection): boolean {
  const shape = shapes[stateOf(connection)];
  return shape === 'bad' || shape === 'watch' || connection.health?.expiring === true || missingPermissions(connection.asked) > 0 || connection.deliveries.rejected > 0;
}

/** Orders connections, worst first: by state, then by what needs care, then by name. */
export function worstFirst(list: readonly Connection[]): readonly Connection[] {
  const rank = (one: Connection) => connectionStates.indexOf(stateOf(one));
  return list.toSorted(
    (a, b) => rank(a) - rank(b) || Number(needsCare(b)) - Number(needsCare(a)) || b.deliveries.rejected - a.deliveries.rejected || a.name.localeCompare(b.name),
  );
}

export interface Choice {
  readonly q: string;
  readonly status: readonly string[];
  readonly source: readonly string[];
}

/** The connections that pass the filters. */
export function chosen(list: readonly Connection[], { q, status, source }: Choice): readonly Connection[] {
  const wanted = q.trim().toLowerCase();
  return list.filter(
    (one) =>
      (wanted === '' || `${one.name} ${one.title} ${one.source}`.toLowerCase().includes(wanted)) &&
      (status.length === 0 || status.includes(stateOf(one))) &&
      (source.length === 0 || source.includes(one.source)),
  );
}

/** The limit of calls of which least is left, as a share; limits without a size come last. */
export function tightest(asked: Asked | null): Asked['limits'][number] | null {
  const share = ({ remaining, most }: Asked['limits'][number]) => (most > 0 ? remaining / most : 2);
  return asked?.limits.toSorted((a, b) => share(a) - share(b))[0] ?? null;
}

/** How far reading the past had got at an instant in milliseconds. */
export interface Progress {
  readonly at: number;
  readonly done: number;
}

/** The shortest span over which a speed is believed, in milliseconds. */
const leastSpan = 10_000;

/** Seconds until the past is read, at the speed since the first sight of it; null while that is not known. */
export function secondsLeft(first: Progress | undefined, now: Progress, total: number | null): number | null {
  if (!first || total === null || now.at - first.at < leastSpan || now.done <= first.done) return null;
  const perSecond = ((now.done - first.done) * 1000) / (now.at - first.at);
  return Math.max(0, total - now.done) / perSecond;
}
