import { useInfiniteQuery } from '@tanstack/react-query';
import { lazy, Suspense, useId, useState, type ReactNode } from 'react';
import { explainQuery, type ExplainParams } from '../api/queries';
import type { ExplainAnswer } from '../api/types';
import { useT } from '../i18n/useT';
import { formatNumber } from '../ui/format';
import { ErrorState, PanelBoundary } from '../ui/states';
import { codeText, explain, explainParams, rowCount, type Counted } from './explain';
import classes from './explain.module.css';
import { ChainSkeleton, RowsSkeleton } from './skeletons';
import { Tabs } from './Tabs';
import type { ExplainProps, ExplainView } from './types';

const Chain = lazy(() => import('./answer').then((module) => ({ default: module.Chain })));
const Rows = lazy(() => import('./answer').then((module) => ({ default: module.Rows })));
const Copies = lazy(() => import('./answer').then((module) => ({ default: module.Copies })));

interface ExplainPanelProps extends ExplainProps {
  onClose: () => void;
}

/** The content of the explain drawer: what is known of the figure at once, the rest when it is answered. */
export function ExplainPanel(props: ExplainPanelProps) {
  const params = explainParams(props.metric, props.report, props.scope);
  return (
    <div className={classes.panel}>{params ? <Views {...props} params={params} /> : <Figure {...props} answer={null} />}</div>
  );
}

/** The figure, the facts that count, the facts left out. */
function Views(props: ExplainPanelProps & { params: ExplainParams }) {
  const { metric, report, params, timeZone, onClose } = props;
  const { t, locale } = useT();
  const id = useId();
  const [view, setView] = useState<ExplainView>('figure');
  const [reason, setReason] = useState<string | null>(null);
  const query = useInfiniteQuery(explainQuery({ ...params, include: 'included' }));
  const answer = query.data?.pages[0] ?? null;
  const openReason = (code: string) => {
    setReason(code);
    setView('excluded');
  };
  const chain = query.isError && !answer ? (
    <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  ) : (
    <Suspense fallback={<ChainSkeleton />}>{answer ? <Chain answer={answer} report={report} /> : <ChainSkeleton />}</Suspense>
  );
  const out = answer?.exclusions.reduce((sum, e) => sum + e.count, 0);
  return (
    <>
      <Tabs
        label={t('explain.views')}
        tabs={[
          { id: 'figure', label: t('explain.view.figure') },
          { id: 'included', label: t('explain.view.included', { count: formatNumber(rowCount(metric, report), locale) }) },
          {
            id: 'excluded',
            label: out === undefined ? t('explain.exclusions') : t('explain.view.excluded', { count: formatNumber(out, locale) }),
          },
        ]}
        selected={view}
        onSelect={setView}
        panelId={id}
      />
      <div id={id} role="tabpanel" aria-labelledby={`${id}-${view}`} className={classes.view}>
        {view === 'figure' ? (
          <Figure {...props} answer={answer} chain={<PanelBoundary>{chain}</PanelBoundary>} onReason={openReason} />
        ) : (
          <PanelBoundary>
            <Suspense fallback={<RowsSkeleton />}>
              <Rows
                key={view}
                params={params}
                include={view}
                reason={view === 'excluded' ? reason : null}
                onReason={setReason}
                timeZone={timeZone}
                onLeave={onClose}
              />
            </Suspense>
          </PanelBoundary>
        )}
      </div>
      <Suspense fallback={<div className={classes.copies} />}>
        <Copies params={params} />
      </Suspense>
    </>
  );
}

interface FigureProps extends ExplainPanelProps {
  /** Null until it is there. */
  answer: ExplainAnswer | null;
  /** The steps from facts to figure. */
  chain?: ReactNode;
  onReason?: (code: string) => void;
}

/** What a figure means and how it is made. The answer only changes the last part, so that nothing moves. */
function Figure({ metric, report, timeZone, rowsHref, context = [], onClose, answer, chain, onReason }: FigureProps) {
  const { t, locale } = useT();
  const text = explain(metric, report, { t, locale, timeZone });
  const out = answer?.exclusions.map((e) => ({ code: e.reason, label: codeText(e.reason, t), count: e.count }));
  return (
    <>
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
      {chain && <Section title={t('explain.chain')}>{chain}</Section>}
      {context.length > 0 && (
        <Section title={t('bench.label')}>
          {context.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </Section>
      )}
      <Section title={t('explain.formula')}>
        <p className={classes.formula}>{text.formula}</p>
      </Section>
      <Section title={t('explain.counted')}>
        <p>{text.counted}</p>
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
      <Section title={t('explain.exclusions')}>
        <Counts list={out ?? text.exclusions} none={t('explain.no_exclusions')} onOpen={onReason} />
      </Section>
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

interface CountsProps {
  list: Counted[];
  none: string;
  onOpen?: (code: string) => void;
}

function Counts({ list, none, onOpen }: CountsProps) {
  const { t, locale } = useT();
  if (list.length === 0) return <p>{none}</p>;
  return (
    <ul className={classes.counts}>
      {list.map(({ code, label, count }) => {
        const text = t('explain.count', { label, count: formatNumber(count, locale) });
        return (
          <li key={code}>
            {onOpen ? (
              <button type="button" className="ek-link" onClick={() => onOpen(code)}>
                {text}
              </button>
            ) : (
              text
            )}
          </li>
        );
      })}
    </ul>
  );
}
