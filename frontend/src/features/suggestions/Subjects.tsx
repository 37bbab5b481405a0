import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import type { Suggestion } from '../../api/suggestions';
import { useT } from '../../i18n/useT';
import { formatDate } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { StateBadge } from '../../ui/StateBadge';
import { obstacle, sourceAddress, sumOf, type Option, type Question, type Subject } from './logic';
import styles from './suggestions.module.css';
import { optionId, type Deed } from './useDecisions';
import { methodText, placeText, presentText, valueText } from './words';

interface Shared {
  readonly workspace: string;
  /** The time zone of dates. */
  readonly zone: string;
  /** Null where the reader only looks. */
  readonly onDecide: ((kind: Deed['kind'], option: Option) => void) | null;
  readonly refused: ReadonlyMap<string, string>;
}

/** Suggestions by application. */
export function Subjects({ subjects, ...shared }: Shared & { subjects: readonly Subject[] }) {
  const { t } = useT();
  return (
    <div className={styles.subjects}>
      {subjects.map(({ application, known, questions }) => (
        <Panel
          key={application.slug}
          title={application.name}
          action={
            known ? (
              <Link to="/w/$workspace/applications/$slug" params={{ workspace: shared.workspace, slug: application.slug }} search={{}}>
                {t('suggestions.see')}
                <span className="ek-hidden"> {application.name}</span>
              </Link>
            ) : (
              <span className={styles.quiet}>{t('suggestions.unknown')}</span>
            )
          }
        >
          {questions.map((question) => (
            <Asked key={question.aspect} question={question} {...shared} />
          ))}
        </Panel>
      ))}
    </div>
  );
}

/** What is said of one thing, beside what holds today. */
function Asked({ question, ...shared }: Shared & { question: Question }) {
  const { t } = useT();
  const id = useId();
  const { aspect, options, disputed, elsewhere } = question;
  const present = options[0] && presentText(options[0].first, t);
  return (
    <div role="group" className={styles.question} aria-labelledby={id}>
      <div className={styles.asked}>
        <h3 id={id}>{t(`suggestions.aspect.${aspect}`)}</h3>
        {present && <p className={styles.quiet}>{present}</p>}
        {disputed && <StateBadge status="watch">{t('suggestions.disputed')}</StateBadge>}
        {elsewhere.length > 0 && <p className={styles.quiet}>{t('suggestions.elsewhere', { values: elsewhere.map((value) => valueText(aspect, value, '', t)).join(', ') })}</p>}
      </div>
      <ul className={styles.options} data-many={options.length > 1 || undefined}>
        {options.map((option) => (
          <Suggested key={option.key} option={option} {...shared} />
        ))}
      </ul>
    </div>
  );
}

function Suggested({ option, zone, onDecide, refused }: Shared & { option: Option }) {
  const { t, locale } = useT();
  const { first, said } = option;
  const value = valueText(first.aspect, first.value, first.name, t);
  const against = obstacle(option);
  const reasons = [...new Set(said.map(({ id }) => refused.get(id)).filter((text) => text !== undefined))];
  return (
    <li id={optionId(option.key)} tabIndex={-1} className={styles.option}>
      <p className={styles.value}>
        <strong>{value}</strong>
        {value === first.name && first.name !== first.value && <code>{first.value}</code>}
        {first.type && <span className={styles.quiet}>{t('suggestions.type', { type: first.type })}</span>}
      </p>
      <ul className={styles.said}>
        {said.map((one) => (
          <Said key={one.id} one={one} />
        ))}
      </ul>
      {first.status === 'open' && <Makes option={option} />}
      {first.status === 'open' && against === 'stated' && <p className={styles.against}>{t('suggestions.stated')}</p>}
      {first.status === 'open' && against === 'claimed' && <p className={styles.against}>{t('suggestions.claimed', { names: first.claimed_by.join(', ') })}</p>}
      {first.decided_at && <p className={styles.quiet}>{t(`suggestions.decided.${first.status}`, { date: formatDate(first.decided_at, locale, zone) })}</p>}
      {reasons.map((reason) => (
        <p key={reason} className={styles.refused}>
          {t('suggestions.refused', { reason })}
        </p>
      ))}
      {onDecide && <Actions option={option} value={value} onDecide={onDecide} />}
    </li>
  );
}

/** Who says it, how it was read, how sure that is, and where it stands. */
function Said({ one }: { one: Suggestion }) {
  const { t } = useT();
  const address = sourceAddress(one.source);
  const place = placeText(one.source);
  return (
    <li>
      <span>
        {t(`suggestions.source.${one.source.kind}`)}: {methodText(one, t)}
      </span>
      <span className={styles.quiet}>{t(`suggestions.confidence.${one.confidence}`)}</span>
      <span className={styles.place}>{address ? <a href={address} rel="noreferrer">{place}</a> : place}</span>
    </li>
  );
}

function Makes({ option }: { option: Option }) {
  const { t } = useT();
  return sumOf([option]).creates.map(({ what, slugs }) => (
    <p key={what} className={styles.makes}>
      {t(`suggestions.creates.${what}`, { count: slugs.length, names: slugs.join(', ') })}
    </p>
  ));
}

interface ActionsProps {
  readonly option: Option;
  readonly value: string;
  readonly onDecide: (kind: Deed['kind'], option: Option) => void;
}

function Actions({ option, value, onDecide }: ActionsProps) {
  const { t } = useT();
  const { aspect, application, status } = option.first;
  const what = t('suggestions.one', { aspect: t(`suggestions.aspect.${aspect}`), application: application.name, value });
  const kinds: readonly Deed['kind'][] = status === 'dismissed' ? ['reopen'] : status === 'accepted' ? [] : obstacle(option) ? ['dismiss'] : ['accept', 'dismiss'];
  if (kinds.length === 0) return null;
  return (
    <div className={styles.actions}>
      {kinds.map((kind) => (
        <Button key={kind} size="xs" variant={kind === 'accept' ? 'filled' : 'default'} aria-label={`${t(`suggestions.${kind}`)}: ${what}`} onClick={() => onDecide(kind, option)}>
          {t(`suggestions.${kind}`)}
        </Button>
      ))}
    </div>
  );
}
