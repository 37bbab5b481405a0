import type { CSSProperties } from 'react';
import type { DoraReport, ExplainAnswer } from '../../api/types';
import { useT } from '../../i18n/useT';
import { formatNumber } from '../../ui/format';
import { Sensitivity } from '../../ui/Sensitivity';
import classes from '../explain.module.css';
import { isNearly, shownValue, stepText, valueText } from './words';

interface ChainProps {
  answer: ExplainAnswer;
  report: DoraReport;
}

/** The steps from all known facts to those that count, each with what is left. */
export function Chain({ answer, report }: ChainProps) {
  return (
    <>
      <Steps chain={answer.chain} />
      <Sensitivity rates={answer.sensitivity} />
      <Moved answer={answer} report={report} />
    </>
  );
}

function Steps({ chain }: { chain: ExplainAnswer['chain'] }) {
  const { t, locale } = useT();
  const most = Math.max(1, ...chain.map((step) => step.count));
  return (
    <ol className={classes.chain}>
      {chain.map(({ step, count }, index) => {
        const before = chain[index - 1];
        const fewer = before ? before.count - count : 0;
        return (
          <li key={step} style={{ '--part': count / most } as CSSProperties}>
            <span>{stepText(step, t)}</span>
            <span className={classes.fewer}>
              {fewer > 0 && t('explain.fewer', { count: formatNumber(fewer, locale) })}
            </span>
            <strong>{formatNumber(count, locale)}</strong>
          </li>
        );
      })}
    </ol>
  );
}

/** Facts go on arriving: says so when the figure is another one by now. */
function Moved({ answer, report }: { answer: ExplainAnswer; report: DoraReport }) {
  const { t, locale } = useT();
  const shown = shownValue(answer.metric, report);
  if (isNearly(answer.value, shown)) return null;
  const value = valueText(answer.metric, answer.value, t, locale);
  return <p className={classes.note}>{t('explain.moved', { value })}</p>;
}
