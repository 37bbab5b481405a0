import { NativeSelect } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { applicationsQuery, type ExplainParams } from '../../../api/queries';
import { chainQuery, type ChainPart, type ChainStep, type QualityChain } from '../../../api/quality';
import { metricNames } from '../../../api/types';
import { codeText } from '../../../explain/explain';
import { Rows } from '../../../explain/answer';
import { eventsSearch, valueText } from '../../../explain/answer/words';
import { useT } from '../../../i18n/useT';
import { formatNumber } from '../../../ui/format';
import { Panel } from '../../../ui/Panel';
import { RangePicker } from '../../../ui/RangePicker';
import { ErrorState } from '../../../ui/states';
import { formatRange, type RawSearch } from '../../../url/state';
import { Skeletons } from '../../application/Skeletons';
import styles from './quality.module.css';
import type { QualityProps } from './QualityTab';
import { coded } from './words';

/** Which rows are listed below the chain; null is none. */
type Shown = { readonly include: 'included' | 'excluded'; readonly reason: string | null } | null;

/** The chain from what arrived to one figure, each step with the way to what it counts. */
export function ChainPanel({ url, workspace }: QualityProps) {
  const { t } = useT();
  const { app, group, range } = url.state;
  const metric = metricNames.find((one) => one === url.state.metric) ?? 'deployment_frequency';
  const [shown, setShown] = useState<Shown>(null);
  const scope = { ...(app ? { application: app } : group && { group }) };
  const query = useQuery(chainQuery({ workspace, metric, range, ...scope }));
  const answer = query.data;
  const params: ExplainParams | null = answer ? { workspace, metric: answer.metric, from: answer.window.from, to: answer.window.to, ...scope } : null;
  return (
    <Panel title={t('quality.chain')} action={<RangePicker value={range} onChange={(value) => url.update({ range: value })} />}>
      <p className={styles.note}>{t('quality.chain_text')}</p>
      <Choices url={url} workspace={workspace} metric={metric} />
      {query.isPending && <Skeletons height={360} />}
      {query.error && !answer && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {answer && params && (
        <>
          <Steps answer={answer} params={params} range={formatRange(range)} onShow={setShown} />
          {shown && (
            <div className={styles.rows}>
              <Rows params={params} include={shown.include} reason={shown.reason} onReason={(reason) => setShown({ include: 'excluded', reason })} timeZone="UTC" onLeave={() => {}} />
              <button type="button" className="ek-link" onClick={() => setShown(null)}>
                {t('quality.chain.hide')}
              </button>
            </div>
          )}
        </>
      )}
    </Panel>
  );
}

function Choices({ url, workspace, metric }: QualityProps & { metric: string }) {
  const { t } = useT();
  const { app, group } = url.state;
  const applications = useInfiniteQuery(applicationsQuery({ workspace, limit: 500, ...(group && { group }) }));
  const names = (applications.data?.pages ?? []).flatMap((page) => page.items).map(({ slug, name }) => ({ value: slug, label: name }));
  const missing = app && !names.some(({ value }) => value === app) ? [{ value: app, label: app }] : [];
  return (
    <div className={styles.filters}>
      <NativeSelect
        size="xs"
        label={t('quality.chain.metric')}
        value={metric}
        onChange={(event) => url.update({ metric: event.currentTarget.value })}
        data={metricNames.map((value) => ({ value, label: t(`metric.${value}`) }))}
      />
      <NativeSelect
        size="xs"
        label={t('quality.chain.application')}
        value={app ?? ''}
        onChange={(event) => url.update({ app: event.currentTarget.value || null })}
        data={[{ value: '', label: t('quality.chain.any') }, ...missing, ...names.toSorted((a, b) => a.label.localeCompare(b.label))]}
      />
    </div>
  );
}

interface StepsProps {
  readonly answer: QualityChain;
  readonly params: ExplainParams;
  readonly range: string;
  readonly onShow: (shown: Shown) => void;
}

function Steps({ answer, params, range, onShow }: StepsProps) {
  const { t, locale } = useT();
  const [known, scope, window] = answer.narrowing.map((one) => formatNumber(one.count, locale));
  return (
    <>
      {answer.untraced && <p className={styles.note}>{t(`quality.chain.${answer.untraced}`)}</p>}
      <ol className={styles.chain}>
        {answer.steps.map((step) => (
          <li key={step.step} data-step={step.step}>
            {step.parts.length > 0 && (
              <ul className={styles.parts}>
                {step.parts.map((part) => (
                  <li key={part.reason}>
                    <span className={styles.count}>{part.count < 0 ? `− ${formatNumber(-part.count, locale)}` : `+ ${formatNumber(part.count, locale)}`}</span>
                    <PartName step={step} part={part} params={params} range={range} onShow={onShow} />
                  </li>
                ))}
              </ul>
            )}
            <p className={styles.step}>
              <span className={styles.count}>{step.count === null ? t('quality.chain.uncounted') : `= ${formatNumber(step.count, locale)}`}</span>
              <StepName step={step} params={params} range={range} onShow={onShow} />
            </p>
          </li>
        ))}
      </ol>
      <p className={styles.value}>
        {t('quality.chain.value', { metric: t(`metric.${answer.metric}`), value: valueText(answer.metric, answer.value, t, locale), from: formatNumber(answer.n, locale) })}
      </p>
      <p className={styles.note}>{t('quality.chain.narrowing', { known: known ?? '', scope: scope ?? '', window: window ?? '' })}</p>
    </>
  );
}

interface NameProps {
  readonly step: ChainStep;
  readonly params: ExplainParams;
  readonly range: string;
  readonly onShow: (shown: Shown) => void;
}

/** A step with the way to the list of what it counts. */
function StepName({ step, params, range, onShow }: NameProps) {
  const { t } = useT();
  const text = t(`quality.step.${step.step}`);
  switch (step.step) {
    case 'included':
      return <Show onClick={() => onShow({ include: 'included', reason: null })}>{text}</Show>;
    case 'arrived':
      return <Deliveries params={params} search={{ range }}>{text}</Deliveries>;
    case 'recorded':
    case 'speaking':
      return <Deliveries params={params} search={{ range, outcome: 'recorded' }}>{text}</Deliveries>;
    default:
      return <Events params={params}>{text}</Events>;
  }
}

/** A part with the way to what it left out or added. */
function PartName({ step, part, params, range, onShow }: NameProps & { readonly part: ChainPart }) {
  const { t } = useT();
  if (step.step === 'included' && part.reason !== 'in_several') {
    return <Show onClick={() => onShow({ include: 'excluded', reason: part.reason })}>{codeText(part.reason, t)}</Show>;
  }
  const text = coded('quality.part', part.reason, t);
  if (part.reason === 'rejected' || part.reason === 'ignored') return <Deliveries params={params} search={{ range, outcome: part.reason }}>{text}</Deliveries>;
  if (step.step === 'recorded' || step.step === 'speaking') return <Deliveries params={params} search={{ range }}>{text}</Deliveries>;
  return <Events params={params}>{text}</Events>;
}

function Show({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" className="ek-link" onClick={onClick}>
      {children}
    </button>
  );
}

function Deliveries({ params, search, children }: { params: ExplainParams; search: RawSearch; children: ReactNode }) {
  return (
    <Link to="/w/$workspace/events" params={{ workspace: params.workspace }} search={{ tab: 'deliveries', ...search }}>
      {children}
    </Link>
  );
}

function Events({ params, children }: { params: ExplainParams; children: ReactNode }) {
  return (
    <Link to="/w/$workspace/events" params={{ workspace: params.workspace }} search={eventsSearch(params)}>
      {children}
    </Link>
  );
}
