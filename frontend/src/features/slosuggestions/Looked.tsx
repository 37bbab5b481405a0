import type { LevelFamily, LevelSearch } from '../../api/sloSuggestions';
import { useT } from '../../i18n/useT';
import { formatNumber } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { EmptyState } from '../../ui/states';
import { StateBadge } from '../../ui/StateBadge';
import styles from './slosuggestions.module.css';

/** Which metrics were looked for, which failed, and what could not be proposed. */
export function Looked({ search }: { search: LevelSearch }) {
  const { t } = useT();
  const { items, families, left_out: leftOut } = search;
  const found = families.some(({ services }) => services > 0);
  const failed = families.filter((family) => family.error || family.latency_error).length;
  return (
    <Panel title={t('slosuggest.looked')} action={failed > 0 && <StateBadge status="bad">{t('slosuggest.looked_failed', { count: failed })}</StateBadge>}>
      {items.length === 0 && failed === 0 && (
        <EmptyState title={t(found ? 'slosuggest.unkept' : 'slosuggest.nothing')}>{t(found ? 'slosuggest.unkept_text' : 'slosuggest.nothing_text')}</EmptyState>
      )}
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section className={styles.scroll} aria-label={t('table.scroll', { name: t('slosuggest.looked') })} tabIndex={0}>
        <table className={styles.looked}>
          <caption className="ek-hidden">{t('slosuggest.looked')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('slosuggest.family')}</th>
              <th scope="col" data-align="end">
                {t('slosuggest.services')}
              </th>
              <th scope="col">{t('slosuggest.requests')}</th>
              <th scope="col">{t('slosuggest.durations')}</th>
            </tr>
          </thead>
          <tbody>
            {families.map((family) => (
              <Family key={`${family.requests} ${family.label}`} family={family} />
            ))}
          </tbody>
        </table>
      </section>
      {leftOut.length > 0 && (
        <details className={styles.leftOut} open={items.length === 0}>
          <summary>{t('slosuggest.left_out', { count: leftOut.length })}</summary>
          <ul>
            {leftOut.map(({ kind, service, family, reason }) => (
              <li key={`${kind} ${service} ${family}`}>
                {t('slosuggest.left_item', { kind: t(`slosuggest.kind.${kind}`), service, family, reason: t(`slosuggest.left.${reason}`) })}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Panel>
  );
}

function Family({ family }: { family: LevelFamily }) {
  const { t, locale } = useT();
  const { name, label, requests, durations, services, error, latency_error: latency } = family;
  return (
    <tr>
      <th scope="row">
        {name}
        {error && <span className={styles.wrong}>{t('slosuggest.family_failed', { error })}</span>}
        {latency && <span className={styles.wrong}>{t('slosuggest.latency_failed', { error: latency })}</span>}
      </th>
      <td data-align="end">{error && services === 0 ? '–' : formatNumber(services, locale)}</td>
      <td>
        <code>{requests}</code> <code>{label}</code>
      </td>
      <td>
        <code>{durations}</code>
      </td>
    </tr>
  );
}
