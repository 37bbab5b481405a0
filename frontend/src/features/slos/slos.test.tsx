import { askedFor, sentBodies, serve } from '../../../test/network';
import { createMemoryHistory } from '@tanstack/react-router';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import { fixtureAnswer } from '../../../test/fixtures/api';
import { session } from '../../../test/fixtures/data';
import { burnDown, burnRates, course, measuredSeries, sloComposite, sloDetail, sloDocument, sloRows, spend } from '../../../test/fixtures/slos';
import type { SloAlerts } from '../../api/slos';
import { App } from '../../app/App';
import { createQueryClient } from '../../app/queryClient';
import { createAppRouter } from '../../app/router';
import { de } from '../../i18n/de';
import { en } from '../../i18n/en';
import { createI18n } from '../../i18n/i18n';

const lints = [{ line: 12, field: 'spec.objectives[0].target', severity: 'error', text: 'leaves no budget', fix: 'give one below 1', code: '', values: {} }];

interface Options {
  readonly locale?: 'en' | 'de';
  readonly role?: 'viewer' | 'admin';
  readonly rows?: typeof sloRows;
  readonly detail?: typeof sloDetail;
  readonly series?: typeof measuredSeries;
  readonly alerts?: SloAlerts['items'];
}

function open(path: string, { locale = 'en', role = 'admin', rows = sloRows, detail = sloDetail, series = measuredSeries, alerts = [] }: Options = {}) {
  serve((asked, query, body) => {
    const [, rest] = /\/api\/v1\/service-levels(.*)$/.exec(asked) ?? [];
    if (asked === '/api/v1/session') return { status: 200, body: { ...session, principal: { kind: 'person', name: 'ada', role } } };
    if (asked === '/api/v1/series') return { status: 200, body: { items: series, next: null } };
    if (rest === undefined) return fixtureAnswer(asked, query);
    const sent = body as { document?: string } | undefined;
    if (rest === '/preview') return { status: 200, body: { id: 's1', statement: '', problem: '', remarks: sent?.document?.includes('target: 1\n') ? lints : [], budgets: sloRows } };
    if (sent?.document !== undefined) return { status: 200, body: { id: 's1', number: 3, saved: true } };
    if (rest === '') return { status: 200, body: { items: query.get('status') === 'watch' ? [] : rows, next: null, found: rows.length, statuses: {} } };
    if (rest.endsWith('/burndown')) return { status: 200, body: query.get('composite') === 'true' ? course : burnDown };
    if (rest.endsWith('/spend')) return { status: 200, body: spend };
    if (rest.endsWith('/burn')) return { status: 200, body: burnRates };
    if (rest.endsWith('/alerts')) return { status: 200, body: { items: alerts, next: null } };
    if (rest.endsWith('/what-if')) {
      const target = Number(query.get('target'));
      const kept = target < 0.9995;
      const outcome = (span: string) => ({
        target, present: false, sli: 0.9995, coverage: span === '90d' ? 0.4 : 1, met: kept ? 1 : 0, missed: kept ? 0 : 1, unknown: 0,
        window: { span, rolling: span !== '1M', zone: '', from: '2026-10-01T00:00:00Z', to: '2026-11-01T00:00:00Z' },
        budget: { consumed: 0.9, remaining: 0.1, projected: null, left: 4, allowed: 40 },
        windows: span === '90d' ? [] : [{ from: '2026-09-01T00:00:00Z', to: '2026-10-01T00:00:00Z', sli: 0.9993, consumed: 0.7, coverage: 1, met: kept }],
      });
      return { status: 200, body: { since: detail === sloDetail ? '2026-09-01T00:00:00Z' : null, unit: 'events', outcomes: query.getAll('window').map(outcome) } };
    }
    if (rest.endsWith('/corrections')) return { status: 200, body: sloDetail.corrections[0] };
    return { status: 200, body: detail };
  });
  const queryClient = createQueryClient();
  queryClient.setDefaultOptions({ queries: { retry: false } });
  const router = createAppRouter(queryClient, createMemoryHistory({ initialEntries: [path] }));
  return { router, user: userEvent.setup(), ...render(<App i18n={createI18n(locale, locale === 'en' ? en : de)} queryClient={queryClient} router={router} env="test" />) };
}

async function violations(node: Element) {
  const found = await axe.run(node, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`);
}

describe('the list of SLOs', () => {
  it('shows each budget in words and numbers, in the order of the server', async () => {
    const { container } = open('/w/demo/slos');
    const table = await screen.findByRole('table', { name: 'SLOs' });
    const rows = within(table).getAllByRole('row').slice(1);
    expect(rows.map((row) => within(row).getAllByRole('link')[0]?.textContent)).toEqual(['Checkout availability', 'Night batch', 'New']);
    expect(rows[0]).toHaveTextContent(/Exhausted.*page: firing.*-18.%.*7\.2 events over.*99\.882.%.*99\.9.% over 30 days, rolling.*1× \/ 0\.5× \/ –.*checkout 98/);
    expect(rows[1]).toHaveTextContent('little traffic');
    expect(rows[2]).toHaveTextContent(/No data: Nothing was measured in the window/);
    expect(rows[2]).not.toHaveTextContent(/0.%/);
    expect(await violations(container)).toEqual([]);
  });

  it('asks for what the address says, and offers a way back from nothing', async () => {
    const { user } = open('/w/demo/slos?status=watch&app=checkout&q=pay');
    expect(await screen.findByText('No SLO matches the filters')).toBeInTheDocument();
    expect(askedFor().some((path) => path.includes('/service-levels?workspace=demo&application=checkout&q=pay&status=watch&limit=50'))).toBe(true);
    await user.click(screen.getByRole('button', { name: 'Clear filters' }));
    expect(await screen.findByRole('table', { name: 'SLOs' })).toBeInTheDocument();
  });

  it('tells how to make the first', async () => {
    open('/w/demo/slos', { rows: [] });
    expect(await screen.findByText('No SLOs yet')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Have some suggested from metrics that exist' })).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Make one in the form' })).toHaveAttribute('href', '/w/demo/slos/new');
  });
});

describe('the page of an SLO', () => {
  it('says what is promised, what is left, and who spent it', async () => {
    const { container } = open('/w/demo/slos/s1');
    expect(await screen.findByText(/^99\.9.% of events are good, over the last 30 days\.$/)).toBeInTheDocument();
    expect(screen.getByRole('article', { name: 'Error budget left' })).toHaveTextContent(/-18.?%.*7\.2 events over, 40 events allowed/);
    const ledger = within(await screen.findByRole('region', { name: 'Who spent the budget' }));
    expect(await ledger.findByRole('link', { name: 'checkout 98' })).toHaveAttribute('href', '/w/demo/deployments/d1');
    expect(ledger.getByRole('link', { name: 'new-basket' })).toBeInTheDocument();
    expect(ledger.getByText('Joint')).toBeInTheDocument();
    expect(ledger.getByRole('row', { name: /Consumed in all/ })).toHaveTextContent(/118.%.*47 bad events/);
    expect(await screen.findByRole('application', { name: 'Burn rate' })).toBeInTheDocument();
    expect(screen.getByText('lowered: this target allows no more')).toBeInTheDocument();
    expect(screen.getByText('alert policy high-priority').closest('tr')).toHaveTextContent(/1h.*2or at itfor 5 min/);
    expect(await screen.findByText('There was no alert.')).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
  });

  it('shows how all objectives burn as one, the alert that stands, and why there is no forecast', async () => {
    const { container, user } = open('/w/demo/slos/s1', { detail: { ...sloDetail, composite: sloComposite }, alerts: [{ objective: '', series: '', severity: 'page', row: '1h/5m', state: 'firing', from: '2026-11-22T10:00:00Z', until: null, peak: 17 }] });
    const whole = within(await screen.findByRole('region', { name: 'All objectives as one' }));
    expect(whole.getByText('page: firing')).toBeInTheDocument();
    expect(whole.getByText(/^Burn 16× over 1 h, 4× over 6 h, – over 3 d/)).toHaveTextContent('Over 3 days nothing is known of capture.');
    expect(whole.getByText('No forecast: Nothing was counted of capture of late')).toBeInTheDocument();
    expect(await whole.findByRole('application', { name: 'Burn rate of all objectives as one' })).toBeInTheDocument();
    const left = whole.getByRole('application', { name: 'Error budget left of all objectives as one' });
    left.focus();
    await user.keyboard('{Home}');
    expect(within(left).getByRole('status')).toHaveTextContent('Nothing was measured of capture');
    await user.keyboard('{End}');
    expect(within(left).getByRole('status')).toHaveTextContent(/-20.% of the budget left/);
    expect(within(left.closest('figure')!).queryByText('even spending')).not.toBeInTheDocument();
    expect(askedFor().some((path) => path.includes('/s1/burndown?') && path.includes('composite=true'))).toBe(true);
    expect(askedFor().some((path) => path.includes('/s1/burn?') && path.includes('composite=true'))).toBe(true);
    expect((await screen.findByText('17×')).closest('tr')).toHaveTextContent('All objectives as one');
    expect(await violations(container)).toEqual([]);
  });

  it('names the forecast of all objectives as one, and their state in the list', async () => {
    open('/w/demo/slos/s1', { detail: { ...sloDetail, composite: { ...sloComposite, lacks: {}, no_forecast: '', no_forecast_why: null, exhausts_range: { from: '2026-11-24T00:00:00Z', to: '2026-11-26T00:00:00Z' }, budget: { ...sloComposite.budget, remaining: 0.4 } } } });
    expect(await screen.findByText(/^Exhausts: .*24.*26/)).toBeInTheDocument();
    cleanup();
    open('/w/demo/slos/s1', { locale: 'de', detail: { ...sloDetail, composite: { ...sloComposite, status: 'no_data', reason_code: 'members_stopped', reason_values: { names: 'capture' } } } });
    expect(await screen.findByText('Keine Vorhersage: Von capture wurde in letzter Zeit nichts gezählt')).toBeInTheDocument();
    expect(screen.getByText('Von capture wurde in letzter Zeit nichts gemessen', { selector: 'p' })).toBeInTheDocument();
    expect(screen.getByText(/Über 3 Tage ist nichts bekannt von capture/)).toBeInTheDocument();
    cleanup();
    const several = { ...sloComposite, members: [], burn: {}, lacks: {}, alert: null, status: 'no_data' as const, reason_code: 'several_series' as const, reason_values: { name: 'capture' } };
    open('/w/demo/slos/s1', { detail: { ...sloDetail, composite: several } });
    const none = await screen.findByRole('region', { name: 'All objectives as one' });
    expect(none).toHaveTextContent(/^All objectives as oneNo data: (.*)capture is measured by several series, and one of each objective makes a composite$/);
    cleanup();
    open('/w/demo/slos', { rows: [{ ...sloRows[0]!, alert: null, composite: { remaining: 0.4, status: 'watch', reason: 'a ticket', reason_code: 'fires', reason_asking: '', reason_values: {}, alert: { severity: 'ticket', state: 'firing', since: '2026-11-22T10:00:00Z' } } }] });
    const table = await screen.findByRole('table', { name: 'SLOs' });
    expect(within(table).getAllByRole('row')[1]).toHaveTextContent(/Exhausted.*all objectives as oneWatch.*ticket: firing/);
  });

  it('says why an entry is laid to its causes, with the incidents by their titles', async () => {
    open('/w/demo/slos/s1');
    const ledger = within(await screen.findByRole('region', { name: 'Who spent the budget' }));
    expect(await ledger.findByText(/^10.% bad from .*; 0\.1.% before \(0\.085.% to 0\.12.%\)\.$/)).toBeInTheDocument();
    expect(ledger.getByText(/^It began 5.min after the last of these changes\. 93.% likely\.$/)).toBeInTheDocument();
    expect(ledger.getByRole('link', { name: 'OPS-7 sev2' })).toHaveAttribute('href', '/w/demo/incidents/i1');
  });

  it('names what is strange by field, with what was made of it and how to mend it', async () => {
    const { container } = open('/w/demo/slos/s1');
    const panel = within(await screen.findByRole('region', { name: 'Strange measurements' }));
    const items = panel.getAllByRole('listitem').map((item) => item.textContent);
    expect(items[0]).toMatch(/More good or bad events than there were at all bad 3 slices · 21 Nov 2026, 06:00 to 21 Nov 2026, 16:00The total was taken to be as large as its part\. Count parts/);
    expect(items[1]).toMatch(/Several sources measure the same series 1 seriesOnly the one that measured last counts\. Not counted: datadog:eu\./);
    expect(items[2]).toMatch(/Measuring is behind 1 seriesThe last slice ended on 22 Nov 2026, 11:00\./);
    expect(await violations(container)).toEqual([]);
  });

  it('says how it is measured, why that failed, and what became known late', async () => {
    open('/w/demo/slos/s1');
    const panel = within(await screen.findByRole('region', { name: 'How it is measured' }));
    expect(panel.getByText('The last 2 questions were not answered:')).toBeInTheDocument();
    expect(panel.getByText('503 of prometheus.example.com')).toBeInTheDocument();
    expect(panel.getByText(/1.400 of 1.440 measured/)).toBeInTheDocument();
    expect(panel.getByRole('link', { name: 'as a graph' })).toHaveAttribute('href', 'https://prometheus.example.com/graph');
    expect(panel.getByText('A part is absent where the other is there')).toBeInTheDocument();
    expect(panel.getByRole('row', { name: /datadog:eu/ })).toHaveTextContent('no: another source measured later');
    const late = within(panel.getByRole('region', { name: /Known late/ })).getAllByRole('row').slice(1);
    expect(late).toHaveLength(1);
    expect(late[0]).toHaveTextContent(/20 Nov 2026, 10:00 to 20 Nov 2026, 11:00.*22 Nov 2026, 11:00.*2 d later.*2 slices altered, 1 slice added.*0 of 5.900, now 23 of 5.930/);
    expect(panel.getByText('1 stretch was filled in: nothing was known of it in time')).toBeInTheDocument();
  });

  it('says so in German', async () => {
    open('/w/demo/slos/s1', { locale: 'de' });
    const panel = within(await screen.findByRole('region', { name: 'Wie gemessen wird' }));
    expect(panel.getByText('Die letzten 2 Fragen blieben unbeantwortet:')).toBeInTheDocument();
    expect(panel.getByText(/2 Zeitscheiben geändert, 1 Zeitscheibe ergänzt/)).toBeInTheDocument();
    const ledger = within(screen.getByRole('region', { name: 'Wer das Budget verbraucht hat' }));
    expect(await ledger.findByText(/Es begann 5.min nach der letzten dieser Änderungen\. Zu 93.% wahrscheinlich\./)).toBeInTheDocument();
  });

  it('says that incidents are what is measured', async () => {
    const row = { ...sloRows[0]!, unit: 'minutes' as const };
    open('/w/demo/slos/s1', { detail: { ...sloDetail, budgets: [row], sources: [], measuring: null } });
    const panel = within(await screen.findByRole('region', { name: 'How it is measured' }));
    expect(panel.getByText(/^By incidents: the time in which one stood is bad/)).toBeInTheDocument();
    expect(panel.getByRole('link', { name: `Incidents of ${sloDetail.application.name}` })).toHaveAttribute('href', expect.stringContaining('tab=reliability#incidents'));
    expect(panel.queryByText('Nothing was measured yet')).toBeNull();
    expect(await screen.findByText('Time in which several incidents stood is given as joint, not split.')).toBeInTheDocument();
  });

  it('says what is missing where nothing was measured', async () => {
    const [, , none] = sloRows;
    open('/w/demo/slos/s3', { detail: { ...sloDetail, budgets: [none!], anomalies: [], sources: [], late: [], measuring: null } });
    const panel = within(await screen.findByRole('region', { name: 'How it is measured' }));
    expect(panel.getByText('Nothing was measured yet')).toBeInTheDocument();
    expect(await screen.findByText(/nobody knows whether anything was spent/)).toBeInTheDocument();
    expect(screen.queryByText('Nothing was spent')).toBeNull();
    expect(panel.getByText('Nothing was measured in the window')).toBeInTheDocument();
    expect(panel.getByText('Everything in this window was known in time.')).toBeInTheDocument();
    expect(await screen.findByText('Nothing to try it on')).toBeInTheDocument();
  });

  it('asks what another target would have meant over several windows, by slider and by number', async () => {
    const { user } = open('/w/demo/slos/s1');
    const panel = within(await screen.findByRole('region', { name: 'What if the target or the window were another' }));
    await panel.findByRole('row', { name: /^30 days, rolling ?as defined.*Met in 1 earlier window, missed in 0/ });
    expect(panel.getAllByRole('rowheader').map((cell) => cell.textContent)).toEqual(['30 days, rollingas defined', '7 days, rolling', '28 days, rolling', '90 days, rolling', '1 month, calendar']);
    expect(panel.getByRole('row', { name: /90 days/ })).toHaveTextContent(/40.% of the window is measured.*do not reach back over a whole window/);
    expect(panel.getByText(/Tried on what was measured since 1 Sept? 2026; .* As defined it is 99.9.% over 30 days, rolling\./)).toBeInTheDocument();
    expect(askedFor().some((path) => path.includes('target=0.999&window=30d&window=7d&window=28d&window=90d&window=1M'))).toBe(true);
    fireEvent.change(panel.getByRole('slider', { name: 'Target' }), { target: { value: '9995' } });
    expect(await panel.findAllByText(/Met in 0 earlier windows, missed in 1/)).toHaveLength(4);
    const field = panel.getByRole('textbox', { name: 'Target in percent' });
    expect(field).toHaveValue('99.95');
    await user.clear(field);
    await user.type(field, '99,8');
    await waitFor(() => expect(askedFor().some((path) => path.includes('target=0.998'))).toBe(true));
    await user.clear(field);
    expect(panel.getByText(/A percentage with at most two decimals/)).toBeInTheDocument();
  });

  it('corrects a time with a reason, in UTC', async () => {
    const { user } = open('/w/demo/slos/s1');
    const panel = within(await screen.findByRole('region', { name: 'Corrections' }));
    expect(panel.getByText(/announced maintenance/)).toBeInTheDocument();
    expect(panel.getByRole('button', { name: /^Withdraw the correction/ })).toBeInTheDocument();
    fireEvent.change(panel.getByLabelText('From (UTC)'), { target: { value: '2026-11-20T10:00' } });
    fireEvent.change(panel.getByLabelText('To (UTC)'), { target: { value: '2026-11-20T11:30' } });
    expect(panel.getByRole('button', { name: 'Correct' })).toBeDisabled();
    await user.type(panel.getByLabelText('Reason'), 'planned');
    await user.click(panel.getByRole('button', { name: 'Correct' }));
    expect(await panel.findByText('The correction counts from now on.')).toBeInTheDocument();
    expect(sentBodies()).toContainEqual({ from: '2026-11-20T10:00:00Z', to: '2026-11-20T11:30:00Z', mode: 'exclude', reason: 'planned' });
  });

  it('lets a viewer look', async () => {
    open('/w/demo/slos/s1', { role: 'viewer', locale: 'de' });
    expect(await screen.findByRole('heading', { name: 'Korrekturen' })).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Korrigieren' })).toBeNull();
    expect(screen.queryByRole('link', { name: 'Bearbeiten' })).toBeNull();
  });
});

describe('the editor', () => {
  it('writes the form into the document, shows lints at their fields, and saves what has none', async () => {
    const { user, router, container } = open('/w/demo/slos/s1/edit');
    const target = await screen.findByRole('textbox', { name: 'Target in percent' });
    expect(target).toHaveValue('99.9');
    await user.clear(target);
    await user.type(target, '100');
    await user.click(screen.getByRole('button', { name: 'Preview' }));
    expect(await screen.findByText('leaves no budget: give one below 1')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Save' })).toBeDisabled();
    await user.clear(target);
    await user.type(target, '99.95');
    const document = screen.getByRole('textbox', { name: 'OpenSLO document' });
    expect(document).toHaveValue(sloDocument.replace('0.999', '0.9995'));
    await user.click(screen.getByRole('button', { name: 'Preview' }));
    expect(await screen.findByRole('table', { name: 'Preview on past data' })).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/w/demo/slos/s1'));
  });

  it('takes a measured series over into the document, and tries it at once', async () => {
    const { user } = open('/w/demo/slos/new?app=checkout');
    const picker = await screen.findByRole('combobox', { name: 'Choose a measured series' });
    await screen.findByRole('option', { name: /^latency/ });
    await user.selectOptions(picker, 'latency · staging · value · a budget for each: region');
    const document = screen.getByRole('textbox', { name: 'OpenSLO document' });
    expect(document).toHaveTextContent(/group-by: region .*slice: 5m .*environment: staging .*name: latency spec: thresholdMetric: .*- target: 0\.999 op: lte value: 0\.26/);
    expect(await screen.findByRole('table', { name: 'Preview on past data' })).toBeInTheDocument();
    expect(screen.getByText(/value in slices of 5.min from prometheus:main; 288 slices in its last day/)).toBeInTheDocument();
    const name = screen.getByRole('textbox', { name: 'Measured series' });
    await user.clear(name);
    await user.type(name, 'fresh');
    expect(picker).toHaveValue('');
    expect(document).toHaveTextContent(/name: fresh spec: thresholdMetric/);
  });

  it('says that nothing was measured, and lets a name be typed', async () => {
    open('/w/demo/slos/new?app=checkout', { series: [] });
    expect(await screen.findByText(/Nothing was measured of this application yet/)).toBeInTheDocument();
    expect(screen.getByRole('textbox', { name: 'Measured series' })).toHaveValue('availability');
  });

  it('begins with the application of the address', async () => {
    open('/w/demo/slos/new?app=checkout', { role: 'viewer' });
    expect(await screen.findByRole('textbox', { name: 'Name' })).toHaveValue('checkout-availability');
    expect(screen.getByRole('button', { name: 'Save' })).toBeDisabled();
  });
});
