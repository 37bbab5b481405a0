import { NativeSelect } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { applicationsQuery } from '../../api/queries';
import type { Named } from '../../api/types';
import { useT } from '../../i18n/useT';
import { acceptable, type Service } from './logic';
import { Proposal } from './Proposal';
import styles from './slosuggestions.module.css';
import type { Choice } from './useChoice';

interface ProposalsProps {
  readonly workspace: string;
  readonly window: string;
  readonly services: readonly Service[];
  readonly choice: Choice;
  /** Reasons by the id of the suggestion. */
  readonly refused: ReadonlyMap<string, string>;
}

/** How many columns the table has. */
const columns = 6;

/** What services could promise, a group of rows for each. */
export function Proposals({ workspace, window, services, choice, refused }: ProposalsProps) {
  const { t } = useT();
  const unclaimed = services.some(({ items }) => items[0]?.application.known === false);
  const applications = useInfiniteQuery({ ...applicationsQuery({ workspace, limit: 500 }), enabled: unclaimed });
  const known = (applications.data?.pages ?? []).flatMap(({ items }) => items);
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={styles.scroll} aria-label={t('table.scroll', { name: t('slosuggest.table') })} tabIndex={0}>
      <table className={styles.table}>
        <caption className="ek-hidden">{t('slosuggest.table')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('slosuggest.column.promise')}</th>
            <th scope="col">{t('slosuggest.column.target')}</th>
            <th scope="col">{t('slosuggest.column.budget')}</th>
            <th scope="col">{t('slosuggest.column.windows')}</th>
            <th scope="col">{t('slosuggest.column.traffic')}</th>
            <th scope="col">{t('slosuggest.column.state')}</th>
          </tr>
        </thead>
        {services.map((service) => (
          <tbody key={service.slug}>
            <Head workspace={workspace} service={service} choice={choice} applications={known} />
            {service.items.map((item) => (
              <Proposal key={item.id} workspace={workspace} window={window} item={item} columns={columns} choice={choice} refused={refused.get(item.id)} />
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}

interface HeadProps {
  readonly workspace: string;
  readonly service: Service;
  readonly choice: Choice;
  readonly applications: readonly Named[];
}

/** The service, the application that it would belong to, and a way to select all of it. */
function Head({ workspace, service, choice, applications }: HeadProps) {
  const { t } = useT();
  const { slug, names, items } = service;
  const open = acceptable(items, choice.changes);
  const chosen = open.filter(({ id }) => choice.picked.has(id)).length;
  const application = items[0]?.application;
  if (!application) return null;
  return (
    <tr className={styles.head}>
      <th scope="rowgroup" colSpan={columns}>
        <div className={styles.service}>
          {open.length > 0 && (
            <label className={styles.tick}>
              <input
                type="checkbox"
                aria-label={t('slosuggest.select_service', { service: names.join(', ') })}
                checked={chosen === open.length}
                ref={(box) => {
                  if (box) box.indeterminate = chosen > 0 && chosen < open.length;
                }}
                onChange={(event) => choice.pick(open, event.currentTarget.checked)}
              />
            </label>
          )}
          {application.known ? (
            <Link to="/w/$workspace/applications/$slug" params={{ workspace, slug }} search={{}}>
              {application.name}
            </Link>
          ) : (
            <strong>{names.join(', ')}</strong>
          )}
          {application.known && (names.length > 1 || names[0] !== slug) && <span className={styles.quiet}>{t('slosuggest.known_as', { names: names.join(', ') })}</span>}
          {!application.known && open.length === 0 && <span className={styles.quiet}>{t('slosuggest.unclaimed')}</span>}
          {!application.known && open.length > 0 && (
            <NativeSelect
              size="xs"
              aria-label={t('slosuggest.belongs', { service: names.join(', ') })}
              value={choice.changes.owners.get(slug) ?? slug}
              onChange={(event) => choice.own(slug, event.currentTarget.value)}
              data={[{ value: slug, label: t('slosuggest.as_is', { slug }) }, ...applications.map(({ slug: value, name: label }) => ({ value, label }))]}
            />
          )}
        </div>
      </th>
    </tr>
  );
}
