import type { PeerAnswer, PeerEvidence, PeerFigure, PeerLine, PeerValue } from '../../api/types';
import { useT } from '../../i18n/useT';
import { FactLink } from '../../ui/FactLink';
import { formatDuration, formatNumber } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import styles from './peer.module.css';
import { figureName, quantityOf, reasonText, rowName, statisticText } from './words';

interface FigureProps {
  figure: PeerFigure;
  answer: PeerAnswer;
  workspace: string;
}

/** One figure by both rules, and the sum that leads from our rows to theirs. */
export function Figure({ figure, answer, workspace }: FigureProps) {
  const { t } = useT();
  const rows = { reasons: answer.reasons, workspace };
  return (
    <Panel title={figureName(figure, t)}>
      <div className={styles.pair}>
        <Value value={figure.ours} name={t('peer.ours')} />
        <Value value={figure.theirs} name={t('peer.theirs')} />
      </div>
      <Sum figure={figure} {...rows} />
      {figure.rules.length > 0 && (
        <>
          <h3 className={styles.heading}>{t('peer.rules')}</h3>
          <ul className={styles.lines}>
            {figure.rules.map((line) => (
              <Line key={line.side + line.reason} line={line} sign="" {...rows} />
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

function Value({ value, name }: { value: PeerValue; name: string }) {
  const { t, locale } = useT();
  const shown = quantityOf(value, t, locale);
  return (
    <div className={styles.value}>
      <span className={styles.name}>{name}</span>
      <span className={styles.number}>
        {shown ? (
          <>
            {shown.value} <small>{shown.unit}</small>
          </>
        ) : (
          t('peer.none')
        )}
      </span>
      <span className={styles.note}>
        {statisticText(value, t)}, {t('peer.n', { n: formatNumber(value.n, locale) })}
      </span>
      {value.band && <span className={styles.note}>{t('peer.band', { band: value.band })}</span>}
    </div>
  );
}

interface Rows {
  reasons: PeerAnswer['reasons'];
  workspace: string;
}

/** The rows of ours, less what only we count, with what only they count. */
function Sum({ figure, ...rows }: Rows & { figure: PeerFigure }) {
  const { t, locale } = useT();
  // Failed deployments are told by their incidents; the rows stay deployments.
  const subject = (count: number) => (figure.unit === 'failed_deployments' ? `${rowName(figure, count, t)}: ` : '');
  const end = (count: number) => `${formatNumber(count, locale)} ${rowName(figure, count, t)}`;
  return (
    <>
      <ul className={styles.lines} aria-label={t('peer.sum', { figure: figureName(figure, t) })}>
        <li className={styles.end}>
          <span className={styles.sign} aria-hidden />
          <span>
            {t('peer.from')} <b>{end(figure.ours.rows)}</b>
          </span>
        </li>
        {figure.lines.map((line) => (
          <Line key={line.side + line.reason} line={line} sign={line.side === 'ours' ? '−' : '+'} subject={subject(line.count)} {...rows} />
        ))}
        <li className={styles.end}>
          <span className={styles.sign} aria-hidden>
            =
          </span>
          <span>
            {t('peer.to')} <b>{end(figure.theirs.rows)}</b>, {t('peer.both', { count: formatNumber(figure.both, locale) })}
          </span>
        </li>
      </ul>
      {figure.lines.length === 0 && <p className={styles.note}>{t('peer.equal')}</p>}
    </>
  );
}

function Line({ line, sign, subject = '', reasons, workspace }: Rows & { line: PeerLine; sign: string; subject?: string }) {
  const { t, locale } = useT();
  const { evidence, count } = line;
  const head = (
    <>
      <b>
        {sign}
        {formatNumber(count, locale)}
      </b>{' '}
      {subject}
      {reasonText(line.reason, reasons, t)}
    </>
  );
  if (evidence.length === 0) {
    return (
      <li>
        <span className={styles.sign} aria-hidden />
        <span>{head}</span>
      </li>
    );
  }
  return (
    <li>
      <details className={styles.details}>
        <summary>{head}</summary>
        <ul className={styles.evidence} aria-label={t('peer.evidence')}>
          {evidence.map((one) => (
            <Evidence key={one.id + one.incident} one={one} workspace={workspace} />
          ))}
          {count > evidence.length && <li>{t('peer.more', { count: count - evidence.length })}</li>}
        </ul>
      </details>
    </li>
  );
}

function Evidence({ one, workspace }: { one: PeerEvidence; workspace: string }) {
  const { t, locale } = useT();
  const link = (kind: string, id: string) => (
    <FactLink workspace={workspace} kind={kind} id={id}>
      <code>{id.slice(0, 8)}</code>
    </FactLink>
  );
  const kind = one.kind === 'deployment' || one.kind === 'change' ? one.kind : 'incident';
  const apart = one.our_deployment !== one.their_deployment;
  return (
    <li>
      {t(`peer.kind.${kind}`)} {link(one.kind, one.id)}
      {one.incident && one.incident !== one.id && (
        <>
          {' '}
          {t('peer.by')} {link('incident', one.incident)}
        </>
      )}
      {apart && one.our_deployment && one.our_deployment !== one.id && (
        <>
          , {t('peer.laid_here')} {link('deployment', one.our_deployment)}
        </>
      )}
      {apart && one.their_deployment && one.their_deployment !== one.id && (
        <>
          , {t('peer.laid_there')} {link('deployment', one.their_deployment)}
        </>
      )}
      {one.ours !== null && `, ${t('peer.value_here', { value: formatDuration(one.ours, locale) })}`}
      {one.theirs !== null && `, ${t('peer.value_there', { value: formatDuration(one.theirs, locale) })}`}
    </li>
  );
}
