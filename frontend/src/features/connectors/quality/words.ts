import type { CoverageCell, DataAnomaly, SignalState } from '../../../api/quality';
import type { MessageId } from '../../../i18n/i18n';
import type { Translate } from '../../../i18n/useT';
import { formatDate, formatDuration, formatNumber } from '../../../ui/format';
import type { Status } from '../../../ui/StateBadge';
import { en } from './messages.en';

/** The mark of each state; what is not expected is no fault, and not good either. */
export const stateMark: Readonly<Record<SignalState, Status>> = { flowing: 'good', stale: 'watch', never: 'bad', not_expected: 'unknown' };

/** The text of a code, or the code in words where there is none. */
export function coded(prefix: string, code: string, t: Translate, values?: Readonly<Record<string, string | number>>): string {
  const id = `${prefix}.${code}`;
  return Object.hasOwn(en, id) ? t(id as MessageId, values) : code.replaceAll('_', ' ');
}

/** Why a signal is in its state, in one sentence. */
export function reasonText(cell: CoverageCell, t: Translate, locale: string): string {
  return coded('quality.reason', cell.reason, t, {
    silent: formatDuration(cell.silent_seconds, locale),
    usual: formatDuration(cell.usual_seconds, locale),
    limit: formatDuration(cell.limit_seconds, locale),
    have: formatNumber(cell.have, locale),
    of: formatNumber(cell.of, locale),
  });
}

/** Who or what an anomaly is about. */
export function subjectText(a: DataAnomaly, t: Translate): string {
  const named = [
    ...a.connections.map((c) => t('quality.connection', { name: c.name || c.id })),
    ...a.sources,
    ...(a.kind === 'counted_twice' ? [] : a.applications.map((one) => one.name)),
  ];
  return named.join(a.kind.endsWith('twice') ? ` ${t('quality.and')} ` : ', ');
}

/** The evidence of an anomaly, in one sentence. */
export function evidenceText(a: DataAnomaly, t: Translate, locale: string): string {
  return coded('quality.evidence', a.kind, t, {
    n: formatNumber(a.n, locale),
    count: a.n,
    of: formatNumber(a.of ?? 0, locale),
    observed: formatNumber(a.observed ?? 0, locale),
    expected: formatNumber(a.expected ?? 0, locale, 1),
    seconds: formatDuration(a.seconds, locale),
    usual: formatDuration(a.usual_seconds, locale),
    limit: formatDuration(a.limit_seconds, locale),
    since: formatDate(a.since, locale),
    what: a.signal ? coded('quality.things', a.signal, t) : t('quality.things.delivery'),
  });
}
