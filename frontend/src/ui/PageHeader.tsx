import type { ReactNode } from 'react';
import { useT } from '../i18n/useT';
import type { Url } from '../url/useUrl';
import { IconClose } from './icons';
import { StatusMark } from './StateBadge';
import styles from './ui.module.css';

interface PageHeaderProps {
  readonly title: string;
  /** One line that says what the page covers. */
  readonly scope?: ReactNode;
  /** The way up; the current page is not part of it. */
  readonly trail?: readonly ReactNode[];
  readonly controls?: ReactNode;
  readonly url?: Url;
}

/** Heading, scope, controls, and a note on an address that was not understood. */
export function PageHeader({ title, scope, trail, controls, url }: PageHeaderProps) {
  const { t } = useT();
  return (
    <>
      {trail && trail.length > 0 && (
        <nav aria-label={t('nav.breadcrumb')} className={styles.trail}>
          <ol>
            {trail.map((step, index) => (
              // The trail is fixed for a page; its steps have no other name.
              // oxlint-disable-next-line react/no-array-index-key
              <li key={index}>{step}</li>
            ))}
            <li aria-current="page">{title}</li>
          </ol>
        </nav>
      )}
      <div className={styles.pageHead}>
        <div className={styles.pageText}>
          <h1 className={styles.pageTitle}>{title}</h1>
          {scope && <p className={styles.pageScope}>{scope}</p>}
        </div>
        {controls}
      </div>
      {url && <AddressNotice url={url} />}
    </>
  );
}

/** Says which parts of the address were ignored; dismissing removes them. */
function AddressNotice({ url }: { url: Url }) {
  const { t } = useT();
  if (url.problems.length === 0) return null;
  const parts = url.problems.map(({ key, value }) => `${key}=${value.slice(0, 40)}`).join(', ');
  return (
    <div className={styles.notice}>
      <StatusMark status="watch" />
      <output>{t('url.problem', { parts })}</output>
      <button type="button" className={styles.iconButton} aria-label={t('notice.dismiss')} onClick={() => url.update({})}>
        <IconClose size={16} aria-hidden />
      </button>
    </div>
  );
}
