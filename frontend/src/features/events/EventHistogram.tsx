import { Button, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { FactsSummary } from '../../api/types';
import { StackedBars } from '../../charts';
import { useT } from '../../i18n/useT';
import { instantText, parseZoom, type Zoom } from '../../url/state';
import type { Url } from '../../url/useUrl';
import styles from './events.module.css';
import { stackOf } from './kinds';

interface EventHistogramProps {
  readonly url: Url;
  readonly summary: FactsSummary;
}

/** Events over time; a stretch that is drawn over, or typed, is looked at closely. */
export function EventHistogram({ url, summary }: EventHistogramProps) {
  const { t } = useT();
  const { series, buckets } = useMemo(() => stackOf(summary, t), [summary, t]);
  const zoom = (from: string, to: string) => {
    const wanted = { from: instantText(Date.parse(from)), to: instantText(Date.parse(to)) };
    if (parseZoom(`${wanted.from}..${wanted.to}`)) url.update({ zoom: wanted });
  };
  return (
    <>
      <StackedBars
        title={t('events.histogram')}
        caption={t('events.histogram_caption')}
        headingLevel={2}
        timeZone="UTC"
        fileName="events"
        valueLabel={t('events.unit')}
        buckets={buckets}
        series={series}
        onBrush={zoom}
      />
      <ZoomForm
        key={`${summary.from}/${summary.to}`}
        shown={{ from: instantText(Date.parse(summary.from)), to: instantText(Date.parse(summary.to)) }}
        zoomed={url.state.zoom !== null}
        onZoom={(chosen) => url.update({ zoom: chosen })}
      />
    </>
  );
}

interface ZoomFormProps {
  readonly shown: Zoom;
  readonly zoomed: boolean;
  readonly onZoom: (zoom: Zoom | null) => void;
}

/** The same choice as drawing over the chart, by two fields. */
function ZoomForm({ shown, zoomed, onZoom }: ZoomFormProps) {
  const { t } = useT();
  // The fields know no zone; what is typed is UTC, as the labels say.
  const [from, setFrom] = useState(shown.from.slice(0, -1));
  const [to, setTo] = useState(shown.to.slice(0, -1));
  const zoom = parseZoom(`${from}Z..${to}Z`);
  return (
    <form
      className={styles.zoom}
      onSubmit={(event) => {
        event.preventDefault();
        if (zoom) onZoom(zoom);
      }}
    >
      <TextInput
        type="datetime-local"
        size="xs"
        label={t('events.zoom_from')}
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        size="xs"
        label={t('events.zoom_to')}
        value={to}
        error={zoom ? undefined : t('range.invalid')}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
      <Button type="submit" size="xs" variant="default" disabled={!zoom}>
        {t('events.zoom')}
      </Button>
      {zoomed && (
        <Button size="xs" variant="default" onClick={() => onZoom(null)}>
          {t('events.zoom_reset')}
        </Button>
      )}
    </form>
  );
}
