import { Link } from '@tanstack/react-router';
import type { LongChange, OpenChange } from '../../api/types';
import type { Translate } from '../../i18n/useT';
import type { Column } from '../../ui/DataTable';
import { FactLink } from '../../ui/FactLink';
import { formatDate, formatDuration, formatNumber, noValue } from '../../ui/format';

interface Words {
  readonly workspace: string;
  readonly t: Translate;
  readonly locale: string;
  readonly timeZone: string;
}

/** The name of a change: its number in its repository. */
export function changeName(change: { repository: string; number: number | null }): string {
  const repository = change.repository.split('/').at(-1) ?? change.repository;
  return change.number ? `${repository} #${change.number}` : repository;
}

function changeColumn<Row extends { id: string; repository: string; number: number | null }>({ workspace, t }: Words): Column<Row> {
  return {
    id: 'change',
    header: t('flow.column.change'),
    sortValue: changeName,
    render: (row) => (
      <FactLink workspace={workspace} kind="change" id={row.id}>
        {changeName(row)}
      </FactLink>
    ),
    csv: [
      { header: 'repository', value: (row) => row.repository },
      { header: 'number', value: (row) => row.number },
    ],
  };
}

function application<Row extends { application: { slug: string; name: string } }>({ workspace, t }: Words): Column<Row> {
  return {
    id: 'application',
    header: t('column.application'),
    sortValue: (row) => row.application.name,
    render: ({ application: { slug, name } }) => (
      <Link to="/w/$workspace/applications/$slug" params={{ workspace, slug }} search={{}}>
        {name}
      </Link>
    ),
    csv: [{ header: 'application', value: (row) => row.application.slug }],
  };
}

/** The changes that took longest, without a word on who wrote them. */
export function longColumns(words: Words): Column<LongChange>[] {
  const { workspace, t, locale, timeZone } = words;
  return [
    changeColumn<LongChange>(words),
    application<LongChange>(words),
    {
      id: 'team',
      header: t('flow.column.team'),
      wide: true,
      sortValue: (row) => row.group?.name ?? null,
      render: (row) => row.group?.name ?? noValue,
      csv: [{ header: 'team', value: (row) => row.group?.slug ?? null }],
    },
    {
      id: 'total',
      header: t('flow.column.total'),
      align: 'end',
      sortValue: (row) => row.total_seconds,
      render: (row) => formatDuration(row.total_seconds, locale),
      csv: [{ header: 'total_seconds', value: (row) => row.total_seconds }],
    },
    {
      id: 'longest',
      header: t('flow.column.longest'),
      sortValue: (row) => row.longest_seconds,
      render: (row) => (row.longest_stage ? `${t(`flow.stage.${row.longest_stage}`)}, ${formatDuration(row.longest_seconds, locale)}` : noValue),
      csv: [
        { header: 'longest_stage', value: (row) => row.longest_stage },
        { header: 'longest_seconds', value: (row) => row.longest_seconds },
      ],
    },
    {
      id: 'rounds',
      header: t('flow.column.rounds'),
      align: 'end',
      wide: true,
      sortValue: (row) => row.review_rounds,
      render: (row) => (row.review_rounds === null ? noValue : formatNumber(row.review_rounds, locale)),
      csv: [{ header: 'review_rounds', value: (row) => row.review_rounds }],
    },
    {
      id: 'size',
      header: t('flow.column.size'),
      align: 'end',
      wide: true,
      sortValue: (row) => (row.size ? row.size.added + row.size.deleted : null),
      render: (row) => (row.size ? `+${formatNumber(row.size.added, locale)} −${formatNumber(row.size.deleted, locale)}` : noValue),
      csv: [
        { header: 'added', value: (row) => row.size?.added ?? null },
        { header: 'deleted', value: (row) => row.size?.deleted ?? null },
      ],
    },
    {
      id: 'deployed',
      header: t('flow.column.deployed'),
      sortValue: (row) => row.deployed_at,
      render: (row) => (
        <>
          <FactLink workspace={workspace} kind="deployment" id={row.deployment}>
            {formatDate(row.deployed_at, locale, timeZone)}
          </FactLink>
          {row.with_others > 0 && ` ${t('flow.with_others', { count: row.with_others })}`}
        </>
      ),
      csv: [
        { header: 'deployed_at', value: (row) => row.deployed_at },
        { header: 'with_others', value: (row) => row.with_others },
      ],
    },
  ];
}

/** The oldest changes that are not in production yet. */
export function openColumns(words: Words): Column<OpenChange>[] {
  const { t, locale } = words;
  return [
    changeColumn<OpenChange>(words),
    application<OpenChange>(words),
    {
      id: 'stage',
      header: t('flow.column.stage'),
      sortValue: (row) => row.stage,
      render: (row) => t(`flow.stage.${row.stage}`),
      csv: [{ header: 'stage', value: (row) => row.stage }],
    },
    {
      id: 'age',
      header: t('flow.column.age'),
      align: 'end',
      sortValue: (row) => row.age_seconds,
      render: (row) => formatDuration(row.age_seconds, locale),
      csv: [{ header: 'age_seconds', value: (row) => row.age_seconds }],
    },
  ];
}
