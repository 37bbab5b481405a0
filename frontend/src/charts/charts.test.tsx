import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { renderUi } from '../../test/render';
import { de } from '../i18n/de';
import { Bars, PercentileBand, RateInterval, Sparkline, type PercentileBucket, type RateBucket } from '.';

const hour = 3600;

function week(i: number) {
  const from = Date.UTC(2026, 9, 5 + 7 * i);
  return { from: new Date(from).toISOString(), to: new Date(from + 7 * 86_400_000).toISOString(), complete: i < 5 };
}

function lead(i: number, median: number | null, n: number): PercentileBucket {
  const of = (factor: number) => (median === null ? null : median * factor);
  return { ...week(i), median, p75: of(2), p90: of(4), n };
}

const leads = [
  lead(0, 20 * hour, 30),
  lead(1, 18 * hour, 25),
  lead(2, null, 0),
  lead(3, 15 * hour, 3),
  lead(4, 16 * hour, 12),
  lead(5, 14 * hour, 22),
];

const rates: RateBucket[] = [
  { ...week(0), value: 0.1, low: 0.04, high: 0.22, events: 1, n: 10 },
  { ...week(1), value: 0, low: 0, high: 0.12, events: 0, n: 12 },
  { ...week(2), value: null, low: null, high: null, events: 0, n: 0 },
  { ...week(3), value: 1, low: 0.55, high: 1, events: 2, n: 2 },
  { ...week(4), value: 0.2, low: 0.1, high: 0.36, events: 3, n: 15 },
  { ...week(5), value: 0.25, low: 0.12, high: 0.45, events: 2, n: 8 },
];

const counts = [4, 0, null, 6, 9, 3].map((value, i) => ({ ...week(i), value }));

const benchmark = {
  name: 'DORA 2023',
  bands: [
    { name: 'elite', from: 0, to: 24 * hour },
    { name: 'high', from: 24 * hour, to: 168 * hour },
  ],
};

/** Text with every kind of space made plain. */
function words(element: Element): string {
  return (element.textContent ?? '').replaceAll(/\s+/g, ' ');
}

function plot() {
  return screen.getByRole('application');
}

/** The picture with class names and generated ids made stable. */
function golden(): string {
  const svg = plot().querySelector('svg')!;
  return svg.outerHTML.replaceAll(/_r_\w+_/g, 'id').replaceAll('><', '>\n<');
}

async function violations(node: Element) {
  const result = await axe.run(node, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
  return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`);
}

function showBand(over = {}) {
  return renderUi(<PercentileBand title="Lead time" caption="Weekly." timeZone="UTC" buckets={leads} benchmark={benchmark} {...over} />);
}

function showRates(over = {}) {
  return renderUi(<RateInterval title="Fail rate" timeZone="UTC" buckets={rates} countLabel="deployments" {...over} />);
}

function showBars(over = {}) {
  return renderUi(<Bars title="Deployments per week" timeZone="UTC" buckets={counts} valueLabel="deployments" {...over} />);
}

const format = (v: number) => `${v} h`;

async function choose(item: string) {
  const user = userEvent.setup();
  await user.click(screen.getByRole('button', { name: /^Export chart/ }));
  await user.click(await screen.findByRole('menuitem', { name: item }));
}

describe('percentile band', () => {
  test('draws the same picture from the same data', () => {
    showBand({ previous: [22 * hour, 21 * hour, null, 20 * hour] });
    expect(golden()).toMatchSnapshot();
  });

  test('says in words what the picture shows', () => {
    showBand();
    expect(words(plot().querySelector('desc')!)).toBe(
      'Median over 6 periods, 5 Oct 2026 to 15 Nov 2026: first 20 h, latest 14 h, lowest 14 h in 9 – 15 Nov 2026, highest 20 h in 5 – 11 Oct 2026. 1 period has no value. 1 period is not complete.',
    );
    expect(plot().querySelector('title')).toHaveTextContent('Lead time');
  });

  test('is read by keyboard, one period after another', async () => {
    const user = userEvent.setup();
    showBand();
    plot().focus();
    const status = screen.getByRole('status');
    expect(status).toBeEmptyDOMElement();
    await user.keyboard('{ArrowRight}');
    expect(words(status)).toBe('5 – 11 Oct 2026, median 20 h, p75 40 h, p90 3.3 d, n = 30');
    await user.keyboard('{End}');
    expect(words(status)).toContain('not complete');
    await user.keyboard('{ArrowLeft}{ArrowLeft}');
    expect(words(status)).toBe('26 Oct – 1 Nov 2026, median 15 h, too few (n = 3)');
    await user.keyboard('{ArrowLeft}');
    expect(words(status)).toBe('19 – 25 Oct 2026, no value, n = 0');
    await user.keyboard('{Home}{Escape}');
    expect(status).toBeEmptyDOMElement();
  });

  test('leaves out percentiles that rest on too few values', () => {
    showBand();
    const labels = Array.from(plot().querySelectorAll('.direct text'), words);
    expect(labels).toEqual(['p90 3 d', 'p75 32 h', 'median 16 h']);
  });

  test('the benchmark can be switched off', async () => {
    const user = userEvent.setup();
    showBand();
    expect(screen.getByText('elite')).toBeInTheDocument();
    await user.click(screen.getByRole('switch', { name: 'Benchmark DORA 2023' }));
    expect(screen.queryByText('elite')).not.toBeInTheDocument();
    expect(screen.queryByText(/for context only/)).not.toBeInTheDocument();
  });

  test('the table holds the same figures', async () => {
    const user = userEvent.setup();
    showBand();
    await user.click(screen.getByRole('button', { name: 'View as table' }));
    const table = screen.getByRole('table');
    expect(within(table).getAllByRole('row')).toHaveLength(7);
    expect(within(table).getByRole('row', { name: /19\s–\s25 Oct 2026/ })).toHaveTextContent('no value');
    expect(within(table).getByRole('rowheader', { name: /9\s–\s15 Nov 2026/ })).toHaveTextContent('(not complete)');
    expect(screen.queryByRole('application')).not.toBeInTheDocument();
  });

  test('a wide spread turns the axis logarithmic', () => {
    showBand({ buckets: leads.map((b) => ({ ...b, p90: b.median === null ? null : b.median * 20, n: 40 })) });
    expect(screen.getByText('time, logarithmic')).toBeInTheDocument();
  });

  test('a pointer opens the reading, Escape closes it', () => {
    showBand();
    vi.spyOn(plot(), 'getBoundingClientRect').mockReturnValue({ left: 0, width: 640 } as DOMRect);
    fireEvent.pointerMove(plot(), { clientX: 90 });
    const tooltip = plot().querySelector('.tooltip')!;
    expect(words(tooltip)).toContain('5 – 11 Oct 2026');
    fireEvent.pointerMove(tooltip, { clientX: 400 });
    expect(words(plot().querySelector('.tooltip')!)).toContain('5 – 11 Oct 2026');
    fireEvent.keyDown(document.body, { key: 'Escape' });
    expect(plot().querySelector('.tooltip')).toBeNull();
    fireEvent.pointerMove(plot(), { clientX: 90 });
    fireEvent.pointerLeave(plot());
    expect(plot().querySelector('.tooltip')).toBeNull();
  });

  test.each([
    ['no periods', []],
    ['no values', [lead(0, null, 0), lead(1, null, 0)]],
  ])('%s are said to be no data', (_, buckets) => {
    showBand({ buckets });
    expect(screen.getByText('No data in this period', { selector: 'text' })).toBeInTheDocument();
    expect(plot().innerHTML).not.toContain('NaN');
  });

  test('one value is a point', () => {
    showBand({ buckets: [lead(0, 5 * hour, 30)] });
    expect(plot().querySelectorAll('circle')).toHaveLength(1);
    expect(plot().querySelector('desc')).toHaveTextContent('the only period with a value');
  });

  test('speaks German', () => {
    renderUi(<PercentileBand title="Durchlaufzeit" timeZone="Europe/Berlin" buckets={leads} />, de, 'de');
    expect(screen.getByRole('button', { name: 'Als Tabelle zeigen' })).toBeInTheDocument();
    expect(plot().querySelector('desc')).toHaveTextContent(/1 Zeitraum hat keinen Wert/);
  });

  test('has no accessibility violations as picture and as table', async () => {
    const user = userEvent.setup();
    const { container } = showBand();
    expect(await violations(container)).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'View as table' }));
    expect(await violations(container)).toEqual([]);
  });
});

describe('rate with interval', () => {
  test('draws the same picture from the same data', () => {
    showRates();
    expect(golden()).toMatchSnapshot();
  });

  test('reads rate, counts and interval', async () => {
    const user = userEvent.setup();
    showRates();
    plot().focus();
    await user.keyboard('{Home}');
    expect(words(screen.getByRole('status'))).toBe(
      '5 – 11 Oct 2026, 10 %, 1 of 10 deployments, 80 % interval 4 % to 22 %',
    );
    await user.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}');
    expect(words(screen.getByRole('status'))).toBe(
      '26 Oct – 1 Nov 2026, 100 %, 2 of 2 deployments, too few (n = 2)',
    );
  });

  test('few cases and unfinished periods are hollow', () => {
    showRates();
    expect(plot().querySelectorAll('circle.hollow')).toHaveLength(2);
    expect(plot().querySelectorAll('circle.dot')).toHaveLength(3);
    expect(plot().querySelectorAll('rect.hollowCount')).toHaveLength(1);
  });

  test('nothing counted is no data, never 0 %', () => {
    showRates({ buckets: rates.map((b) => ({ ...b, value: null, low: null, high: null, n: 0, events: 0 })) });
    expect(screen.getByText('No data in this period', { selector: 'text' })).toBeInTheDocument();
    expect(words(plot())).not.toContain('0 %');
  });

  test('the table shows the interval', async () => {
    const user = userEvent.setup();
    const { container } = showRates();
    await user.click(screen.getByRole('button', { name: 'View as table' }));
    expect(screen.getByRole('row', { name: /5\s–\s11 Oct 2026/ })).toHaveTextContent(/22\s%/);
    expect(await violations(container)).toEqual([]);
  });
});

describe('bars', () => {
  test('draws the same picture from the same data', () => {
    showBars({ reference: { value: 7, label: 'wanted: 7' } });
    expect(golden()).toMatchSnapshot();
  });

  test('tells zero from nothing known', async () => {
    const user = userEvent.setup();
    showBars();
    plot().focus();
    await user.keyboard('{Home}{ArrowRight}');
    expect(words(screen.getByRole('status'))).toBe('12 – 18 Oct 2026, 0 deployments');
    await user.keyboard('{ArrowRight}');
    expect(screen.getByRole('status')).toHaveTextContent('no value');
    await user.keyboard('{End}');
    expect(screen.getByRole('status')).toHaveTextContent('3 deployments, not complete');
  });

  test('has no accessibility violations as picture and as table', async () => {
    const user = userEvent.setup();
    const { container } = showBars();
    expect(await violations(container)).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'View as table' }));
    expect(screen.getByRole('row', { name: /19\s–\s25 Oct 2026/ })).toHaveTextContent('no value');
    expect(await violations(container)).toEqual([]);
  });

  test('nothing known is no data', () => {
    showBars({ buckets: counts.map((b) => ({ ...b, value: null })) });
    expect(screen.getByText('No data in this period', { selector: 'text' })).toBeInTheDocument();
  });
});

describe('sparkline', () => {
  test('names its latest value', () => {
    renderUi(<Sparkline values={[3, null, 5]} label="Lead time" format={format} incomplete band={{ from: 0, to: 4 }} />);
    const picture = screen.getByRole('img', { name: 'Lead time: latest 5 h' });
    expect(picture.outerHTML).toMatchSnapshot();
  });

  test('says when there is nothing', () => {
    renderUi(<Sparkline values={[null]} label="Lead time" format={format} />);
    expect(screen.getByRole('img', { name: 'Lead time: no data' })).toBeInTheDocument();
  });
});

describe('export', () => {
  const saved: { name: string; content: Blob }[] = [];
  beforeEach(() => {
    saved.length = 0;
    let last: Blob | undefined;
    URL.createObjectURL = (content: Blob | MediaSource) => {
      last = content as Blob;
      return 'blob:x';
    };
    URL.revokeObjectURL = () => {};
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function save(this: HTMLAnchorElement) {
      saved.push({ name: this.download, content: last! });
    });
  });
  afterEach(() => vi.restoreAllMocks());

  test('CSV holds plain numbers and empty cells', async () => {
    renderUi(<PercentileBand title="Lead time" timeZone="UTC" buckets={leads} fileName="lead" previous={[3600]} />);
    await choose('Data (CSV)');
    expect(saved[0]!.name).toBe('lead.csv');
    const lines = (await saved[0]!.content.text()).trim().split('\r\n');
    expect(lines[0]).toContain('From,To,Complete,Median,75th percentile,90th percentile,n');
    expect(lines[1]).toBe('2026-10-05T00:00:00.000Z,2026-10-12T00:00:00.000Z,true,72000,144000,288000,30,3600');
    expect(lines[3]).toBe('2026-10-19T00:00:00.000Z,2026-10-26T00:00:00.000Z,true,,,,0,');
  });

  test('SVG stands on its own, with title and caption', async () => {
    renderUi(<Bars title="Deployments" caption="Weekly." timeZone="UTC" buckets={counts} valueLabel="deployments" fileName="bars" />);
    vi.spyOn(plot().querySelector('svg')!, 'viewBox', 'get').mockReturnValue({
      baseVal: { width: 640, height: 220 },
    } as SVGAnimatedRect);
    await choose('Picture (SVG)');
    expect(saved[0]!.name).toBe('bars.svg');
    const text = await saved[0]!.content.text();
    expect(text).toContain('>Deployments</text>');
    expect(text).toContain('>Weekly. Times in UTC.</text>');
    expect(text).not.toContain('class=');
    expect(new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror')).toBeNull();
  });

  test('a picture that cannot be made is said so', async () => {
    const user = userEvent.setup();
    renderUi(<Bars title="Deployments" timeZone="UTC" buckets={counts} valueLabel="deployments" />);
    await user.click(screen.getByRole('button', { name: 'View as table' }));
    await choose('Picture (PNG)');
    await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('could not be made'));
    expect(saved).toEqual([]);
  });
});
