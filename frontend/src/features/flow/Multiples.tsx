import { Link } from '@tanstack/react-router';
import type { ValueStream } from '../../api/types';
import { useT } from '../../i18n/useT';
import { formatDuration, formatNumber, formatPercent } from '../../ui/format';
import styles from './flow.module.css';

/** At most so many pictures side by side. */
const shown = 12;
/** Fewer changes than this have no picture. */
const enough = 5;

const waits: ReadonlySet<string> = new Set(['pickup', 'merge_wait', 'build', 'deploy']);

/** How the groups below spend the time of their changes, on one scale from nothing to all of it. */
export function Multiples({ groups, workspace }: { groups: ValueStream['groups']; workspace: string }) {
  const { t } = useT();
  const listed = groups.toSorted((a, b) => (b.lead_median_seconds ?? -1) - (a.lead_median_seconds ?? -1) || a.name.localeCompare(b.name));
  return (
    <>
      <ul className={styles.multiples}>
        {listed.slice(0, shown).map((group) => (
          <li key={group.slug} className={styles.multiple}>
            <Multiple group={group} workspace={workspace} />
          </li>
        ))}
      </ul>
      <p className={styles.note}>
        {t('flow.groups.note')}
        {listed.length > shown && ` ${t('flow.groups.more', { shown, count: listed.length })}`}
      </p>
    </>
  );
}

function Multiple({ group, workspace }: { group: ValueStream['groups'][number]; workspace: string }) {
  const { t, locale } = useT();
  const { slug, name, n, stages } = group;
  const longest = stages.reduce((most, stage) => ((stage.share ?? 0) > (most?.share ?? 0) ? stage : most), stages[0]);
  return (
    <>
      <h3>
        <Link to="/w/$workspace/value-stream" params={{ workspace }} search={{ group: slug }}>
          {name}
        </Link>
      </h3>
      <p>{n < enough ? t('flow.too_few', { n }) : t('flow.groups.lead', { lead: formatDuration(group.lead_median_seconds, locale), n: formatNumber(n, locale) })}</p>
      {n >= enough && <Stack stages={stages} />}
      {n >= enough && longest && (longest.share ?? 0) > 0 && (
        <dl>
          <dt>{t('flow.groups.longest')}</dt>
          <dd>{`${t(`flow.stage.${longest.stage}`)}, ${formatPercent(longest.share, locale)}`}</dd>
          <dt>{t('flow.efficiency')}</dt>
          <dd>{formatPercent(group.efficiency, locale)}</dd>
        </dl>
      )}
    </>
  );
}

function Stack({ stages }: { stages: ValueStream['groups'][number]['stages'] }) {
  const { t, locale } = useT();
  const starts = stages.map((_, i) => stages.slice(0, i).reduce((sum, stage) => sum + (stage.share ?? 0), 0));
  const words = stages.filter((stage) => stage.share).map((stage) => `${t(`flow.stage.${stage.stage}`)} ${formatPercent(stage.share, locale)}`);
  return (
    <div className={styles.stack} role="img" aria-label={words.join(', ')}>
      {stages.map((stage, i) => (
        <span
          key={stage.stage}
          className={styles.segment}
          data-waiting={waits.has(stage.stage) ? '' : undefined}
          title={`${t(`flow.stage.${stage.stage}`)} ${formatPercent(stage.share, locale)}`}
          style={{ insetInlineStart: `${starts[i]! * 100}%`, width: `${(stage.share ?? 0) * 100}%` }}
        />
      ))}
    </div>
  );
}
