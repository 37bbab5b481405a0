import { describe, expect, it } from 'vitest';
import type { Connection, ConnectionState } from '../../api/types';
import { asYaml, newRule, rulesOf, withLines, withRules, withText } from './alertRules';
import { chosen, missingPermissions, secondsLeft, tightest, worstFirst } from './logic';

const asked = {
  identity: 'app', permissions: [], expires_at: null, limits: [], last_at: null, next_at: '2026-11-22T12:00:00Z',
  error: '', streams: 0, complete: 0, failing: 0, done: 0, total: null,
};

function connection(name: string, state: ConnectionState, more: Partial<Connection> = {}): Connection {
  return {
    id: name, source: 'github', title: 'GitHub', name, path: '', url: '', secrets: [], settings: {}, managed: 'api',
    created_at: '2026-11-01T00:00:00Z', last_delivery_at: null, deliveries: { recorded: 0, ignored: 0, rejected: 0 }, repeats: 0, asked: null,
    health: { state, wrong: '', expiring: false, usual_pause_seconds: null, days: [], unclaimed: 0, lag: { n: 0, p50_seconds: null, p95_seconds: null }, turned_away: null },
    ...more,
  };
}

describe('connections', () => {
  it('come worst first: by state, then by what needs care, then by name', () => {
    const list = [
      connection('b', 'flowing'),
      connection('a', 'flowing'),
      connection('dead', 'flowing', { deliveries: { recorded: 9, ignored: 0, rejected: 2 } }),
      connection('late', 'late'),
      connection('new', 'waiting'),
      connection('gone', 'refused'),
    ];
    expect(worstFirst(list).map(({ name }) => name)).toEqual(['gone', 'late', 'new', 'dead', 'a', 'b']);
  });

  it('are chosen by text, state and source together', () => {
    const list = [connection('acme', 'late'), connection('beta', 'late', { source: 'flux', title: 'Flux' }), connection('acme-2', 'flowing')];
    const names = (q: string, status: string[], source: string[]) => chosen(list, { q, status, source }).map(({ name }) => name);
    expect(names('ACME', [], [])).toEqual(['acme', 'acme-2']);
    expect(names('flux', [], [])).toEqual(['beta']);
    expect(names('', ['late'], ['github'])).toEqual(['acme']);
    expect(names('', ['nonsense'], [])).toEqual([]);
  });

  it('show the limit of which least is left, and count what is not granted', () => {
    const limits = [
      { name: 'core', remaining: 4000, most: 5000, reset: '' },
      { name: 'search', remaining: 3, most: 30, reset: '' },
      { name: 'unknown', remaining: 1, most: 0, reset: '' },
    ];
    expect(tightest({ ...asked, limits })?.name).toBe('search');
    expect(tightest(null)).toBeNull();
    const permissions = [true, false, null].map((granted, n) => ({ name: String(n), for: '', granted }));
    expect(missingPermissions({ ...asked, permissions })).toBe(1);
  });
});

describe('the time that is left', () => {
  // 300 records in 60 s are 5 a second; of 1000 there are 500 left: 100 s.
  it('follows from the speed seen', () => {
    expect(secondsLeft({ at: 0, done: 200 }, { at: 60_000, done: 500 }, 1000)).toBe(100);
  });

  it('is not known at first, without movement, or where the vendor does not say how many there are', () => {
    expect(secondsLeft(undefined, { at: 60_000, done: 500 }, 1000)).toBeNull();
    expect(secondsLeft({ at: 0, done: 200 }, { at: 9_000, done: 500 }, 1000)).toBeNull();
    expect(secondsLeft({ at: 0, done: 500 }, { at: 60_000, done: 500 }, 1000)).toBeNull();
    expect(secondsLeft({ at: 0, done: 200 }, { at: 60_000, done: 500 }, null)).toBeNull();
  });
});

describe('rules of alerts', () => {
  it('are edited without touching other settings, and what is empty is left out', () => {
    const settings = { source: 'prod', rules: [{ name: 'pages', minimum: '5m' }] };
    const [rule] = rulesOf(settings);
    if (!rule) throw new Error('no rule');
    expect(withRules(settings, [withText(rule, 'minimum', ' ')])).toEqual({ source: 'prod', rules: [{ name: 'pages' }] });
    expect(withRules(settings, [])).toEqual({ source: 'prod' });
    expect(withLines(rule, 'match', ' a="b" \n\nc="d"').match).toEqual(['a="b"', 'c="d"']);
    expect(withLines({ match: ['a="b"'] }, 'match', '')).toEqual({});
    expect(rulesOf({ rules: 'none' })).toEqual([]);
  });

  it('get names that no other rule has', () => {
    expect(newRule([{ name: 'rule-2' }]).name).toBe('rule-3');
    expect(newRule([]).name).toBe('rule-1');
  });

  it('are written as a configuration file states them', () => {
    expect(asYaml('a: b', 'grafana', ['${env:X}'], { rules: [] })).toBe(
      'connections:\n  - name: "a: b"\n    source: grafana\n    secrets: ["${env:X}"]\n    settings: {\n        "rules": []\n      }',
    );
  });
});
