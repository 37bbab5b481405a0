import type { PolicyChange, PolicyVersion } from '../../api/types';
import { useT } from '../../i18n/useT';
import { formatDateTime } from '../../ui/format';
import styles from './definitions.module.css';

/** Every version, newest first, with its note and what it changed. */
export function Versions({ versions }: { versions: readonly PolicyVersion[] }) {
  const { t, locale } = useT();
  return (
    <ol className={styles.versions}>
      {versions.map((version) => (
        <li key={`${version.version} ${version.at ?? ''}`}>
          <p className={styles.versionHead}>
            <strong>{version.number === 0 ? t('definitions.built_in') : t('definitions.version', { version: version.version })}</strong>
            {version.in_force && <span className={styles.inForce}>{t('definitions.in_force')}</span>}
            {version.at && <span>{t('definitions.by', { when: formatDateTime(version.at, locale), author: version.author })}</span>}
          </p>
          {version.note && <p className={styles.note}>{version.note}</p>}
          {version.changes.length > 0 && (
            <details>
              <summary>{t('definitions.changes', { count: version.changes.length })}</summary>
              <Changes changes={version.changes} />
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}

/** Members that differ, before and after. */
export function Changes({ changes }: { changes: readonly PolicyChange[] }) {
  const { t } = useT();
  return (
    <dl className={styles.changes}>
      {changes.map(({ member, before, after }) => (
        <div key={member}>
          <dt>{member}</dt>
          <dd>
            <del>{before || t('definitions.none')}</del> → <ins>{after || t('definitions.none')}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}
