import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { seriesQuery, type MeasuredSeries } from '../../api/slos';
import { useT, type Translate } from '../../i18n/useT';
import { formatDateTime, formatDuration } from '../../ui/format';
import styles from './slos.module.css';

interface SeriesPickerProps {
  readonly workspace: string;
  readonly application: string;
  /** The name that the document has. */
  readonly name: string;
  readonly environment: string;
  readonly onPick: (series: MeasuredSeries) => void;
}

/** One choice: series of one name, environment and kind whose labels have the same names are one service level. */
export interface Choice {
  readonly key: string;
  readonly series: MeasuredSeries;
  readonly labels: readonly string[];
}

/** The choices among series, in their order. */
export function choicesOf(list: readonly MeasuredSeries[]): Choice[] {
  const found = new Map<string, Choice>();
  for (const series of list) {
    const labels = Object.keys(series.labels).toSorted();
    const key = JSON.stringify([series.environment, series.name, series.slice_seconds, labels]);
    if (!found.has(key)) found.set(key, { key, series, labels });
  }
  return [...found.values()];
}

/** The measured series of an application; a name of no measurements yet is typed beside it. */
export function SeriesPicker({ workspace, application, name, environment, onPick }: SeriesPickerProps) {
  const { t } = useT();
  const query = useInfiniteQuery(seriesQuery(workspace, application));
  const choices = choicesOf(query.data?.pages.flatMap(({ items }) => items) ?? []);
  const chosen = choices.find(({ series }) => series.name === name && (series.environment === environment || environment === ''));
  const pick = (key: string) => {
    const choice = choices.find((one) => one.key === key);
    if (choice) onPick(choice.series);
  };
  if (query.data && choices.length === 0) return <p className={styles.quiet}>{t('slo.pick.none')}</p>;
  return (
    <div>
      <NativeSelect
        size="xs"
        label={t('slo.pick')}
        value={chosen?.key ?? ''}
        onChange={(event) => pick(event.currentTarget.value)}
        description={chosen && <Holds series={chosen.series} />}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data={[{ value: '', label: t('slo.pick.typed') }, ...choices.map((choice) => ({ value: choice.key, label: choiceText(choice, t) }))]}
      />
      {query.hasNextPage && (
        <Button size="compact-xs" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('slo.pick.more')}
        </Button>
      )}
    </div>
  );
}

function amountsText({ amounts }: MeasuredSeries, t: Translate): string {
  return amounts.map((one) => t(`slo.amount.${one}`)).join(', ');
}

function choiceText({ series, labels }: Choice, t: Translate): string {
  return [series.name, series.environment, amountsText(series, t), labels.length > 0 && t('slo.pick.labels', { labels: labels.join(', ') })].filter(Boolean).join(' · ');
}

/** What the chosen series holds. */
function Holds({ series }: { series: MeasuredSeries }) {
  const { t, locale } = useT();
  const { slice_seconds: seconds, source, slices: count, last_at: last } = series;
  return <>{t('slo.pick.holds', { amounts: amountsText(series, t), slice: formatDuration(seconds, locale), source, count, at: formatDateTime(last, locale) })}</>;
}
