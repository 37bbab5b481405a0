import type { SloVersion } from '../../api/slos';
import { useT } from '../../i18n/useT';
import { CopyButton } from '../../ui/CopyButton';
import { formatDateTime } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import styles from './slos.module.css';

/** The document that defines an SLO, and its versions. */
export function Definition({ versions, timeZone }: { versions: readonly SloVersion[]; timeZone: string }) {
  const { t, locale } = useT();
  const { document = '', number: version = 0, name: from } = versions[0] ?? {};
  return (
    <Panel title={t('slo.definition')} action={<CopyButton text={document} label={t('slo.definition_copy')} />}>
      <p className={styles.quiet}>{t('slo.definition_version', { version })}{from && ` · ${t('slo.imported', { from })}`}</p>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={styles.document} tabIndex={0} aria-label={t('slo.document')} role="region">
        {document}
      </pre>
      <ol className={styles.list} reversed>
        {versions.map((one) => (
          <li key={one.number}>
            <strong>{t('slo.version', { version: one.number })}</strong> {formatDateTime(one.at, locale, timeZone)} <span className={styles.quiet}>{[one.by, t(`slo.source.${one.source}`)].filter(Boolean).join(', ')}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
