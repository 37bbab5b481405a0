import '@mantine/core/styles/Tabs.layer.css';
import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { presentTime } from '../../api/known';
import { entriesSummaryQuery } from '../../api/queries';
import { useApp } from '../../app/context';
import { useShortcuts } from '../../app/shortcuts';
import { useTitle } from '../../app/title';
import { useT } from '../../i18n/useT';
import { formatDateTime, formatNumber } from '../../ui/format';
import { PageHeader } from '../../ui/PageHeader';
import { RangePicker } from '../../ui/RangePicker';
import { PanelBoundary } from '../../ui/states';
import { shiftRange } from '../../url/state';
import { useUrl, type Url } from '../../url/useUrl';
import { DeliveriesTab } from '../deliveries/DeliveriesTab';
import { spanText } from '../delivery/span';
import { ShareButton } from '../delivery/PeriodControls';
import styles from './events.module.css';
import { eventsDays } from './days';
import { EventsTab } from './EventsTab';
import { entriesParams, withoutAny } from './filters';

const tabs = ['events', 'deliveries'] as const;

/** What did the system see, and what became of it? */
export function EventsPage() {
  const { t } = useT();
  const workspace = useParams({ strict: false }).workspace ?? '';
  const url = useUrl(eventsDays);
  const { shortcuts } = useApp();
  const tab = tabs.find((known) => known === url.state.tab) ?? 'events';
  const shift = (steps: -1 | 1) => url.update({ range: shiftRange(url.state.range, steps, presentTime()), zoom: null });
  useShortcuts({ '[': () => shift(-1), ']': () => shift(1) }, shortcuts);
  useTitle(t(`events.tab.${tab}`), t('nav.events'));
  const choose = (chosen: string | null) =>
    url.update({ ...withoutAny, tab: chosen === 'events' ? null : chosen, sel: null, outcome: [], event: null, connection: null });
  return (
    <>
      <PageHeader
        title={t('nav.events')}
        scope={<span className={styles.scope}>{tab === 'events' ? <Scope url={url} workspace={workspace} /> : t('deliveries.scope')}</span>}
        controls={
          <div className={styles.controls}>
            <RangePicker value={url.state.range} onChange={(range) => url.update({ range, zoom: null })} />
            <ShareButton url={url} days={eventsDays} pin={tab === 'events'} />
          </div>
        }
        url={url}
      />
      <Tabs value={tab} onChange={choose} keepMounted={false}>
        <Tabs.List aria-label={t('events.tabs')}>
          {tabs.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`events.tab.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="events" className={styles.tab}>
          <PanelBoundary>
            <EventsTab url={url} workspace={workspace} />
          </PanelBoundary>
        </Tabs.Panel>
        <Tabs.Panel value="deliveries" className={styles.tab}>
          <PanelBoundary>
            <DeliveriesTab url={url} workspace={workspace} />
          </PanelBoundary>
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

/** How many events of which time the page shows. */
function Scope({ url, workspace }: { url: Url; workspace: string }) {
  const { t, locale } = useT();
  const { data } = useQuery(entriesSummaryQuery(entriesParams(workspace, url.state)));
  if (!data) return '\u00a0';
  const { zoom } = url.state;
  const span = zoom
    ? t('events.span', { from: formatDateTime(zoom.from, locale), to: formatDateTime(zoom.to, locale) })
    : spanText(data, 'UTC', t, locale);
  return t('events.scope', { count: data.total, text: formatNumber(data.total, locale), span });
}
