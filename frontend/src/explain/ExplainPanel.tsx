import type { ReactNode } from 'react';
import { useT } from '../i18n/useT';
import { formatNumber } from '../ui/format';
import { explain, type Counted } from './explain';
import classes from './explain.module.css';
import type { ExplainProps } from './types';

interface ExplainPanelProps extends ExplainProps {
  titleId: string;
  onClose: () => void;
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h4>{title}</h4>
      {children}
    </section>
  );
}

function Counts({ list, none }: { list: Counted[]; none: string }) {
  const { t, locale } = useT();
  if (list.length === 0) return <p>{none}</p>;
  return (
    <ul>
      {list.map((item) => (
        <li key={item.label}>
          {t('explain.count', { label: item.label, count: formatNumber(item.count, locale) })}
          {item.ids.length > 0 && (
            <details>
              <summary>{t('explain.examples', { ids: item.ids.length })}</summary>
              <code>{item.ids.join(' ')}</code>
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The content of the explain dialog. */
export function ExplainPanel(props: ExplainPanelProps) {
  const { metric, report, timeZone, rowsHref, titleId, onClose } = props;
  const { t, locale } = useT();
  const text = explain(metric, report, { t, locale, timeZone });
  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <h3 id={titleId}>{t('explain.title', { figure: t(`metric.${metric}`) })}</h3>
        <button type="button" className={classes.close} onClick={onClose} aria-label={t('explain.close')}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d="m4 4 8 8M12 4l-8 8" />
          </svg>
        </button>
      </div>
      <p>{text.definition}</p>
      {rowsHref && (
        <p>
          <a href={rowsHref} onClick={onClose}>
            {text.rows}
          </a>
        </p>
      )}
      <Section title={t('explain.basis')}>
        <dl className={classes.facts}>
          {text.facts.map((fact) => (
            <div key={fact.label}>
              <dt>{fact.label}</dt>
              <dd>{fact.value}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <Section title={t('explain.formula')}>
        <p className={classes.formula}>{text.formula}</p>
      </Section>
      <Section title={t('explain.counted')}>
        <p>{text.counted}</p>
      </Section>
      <Section title={t('explain.exclusions')}>
        <Counts list={text.exclusions} none={t('explain.no_exclusions')} />
      </Section>
      {text.methods && (
        <Section title={t('explain.methods')}>
          <Counts list={text.methods} none={t('explain.no_deployments')} />
        </Section>
      )}
      <Section title={t('explain.anomalies')}>
        <Counts list={text.anomalies} none={t('explain.no_anomalies')} />
        {text.anomalies.length > 0 && <p className={classes.note}>{t('explain.anomalies_scope')}</p>}
      </Section>
    </div>
  );
}
