import { describe as group, expect, test } from 'vitest';
import { placeBands } from './bands';
import { civil, startOfDay, weekday } from './calendar';
import { moved, nearest } from './cursor';
import { spread } from './labels';
import { frame, timeAxis } from './layout';
import { areaPath, linePath, lonePoints, splitIncomplete } from './path';
import { durationUnit, isSkewed, linearAxis, logAxis, timeScale } from './scale';
import { sparkPoints } from './spark';
import { timeTicks } from './ticks';

const hour = 3600;
const day = 24 * hour;

function labels(from: string, to: string, width: number, zone = 'UTC', locale = 'en-GB') {
  return timeTicks(Date.parse(from), Date.parse(to), width, zone, locale).map((t) => t.label);
}

function placed(ys: number[], top = 0, bottom = 100) {
  const wanted = ys.map((y, i) => ({ id: String(i), y }));
  return spread(wanted, 14, top, bottom).map((l) => Math.round(l.placed));
}

group('calendar', () => {
  test('civil time follows the zone, also over a change of clocks', () => {
    expect(civil(Date.UTC(2026, 9, 24, 23, 30), 'Europe/Berlin')).toEqual({
      year: 2026, month: 10, day: 25, hour: 1, minute: 30, second: 0,
    });
    expect(civil(Date.UTC(2026, 9, 25, 3, 30), 'Europe/Berlin').hour).toBe(4);
  });

  test.each([
    ['a winter day', 2026, 1, 15, 'Europe/Berlin', '2026-01-14T23:00:00.000Z'],
    ['a summer day', 2026, 7, 15, 'Europe/Berlin', '2026-07-14T22:00:00.000Z'],
    ['the day clocks go back', 2026, 10, 25, 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
    ['the day after', 2026, 10, 26, 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
    ['a day east of Greenwich', 2026, 3, 1, 'Asia/Tokyo', '2026-02-28T15:00:00.000Z'],
    ['a day without midnight', 2018, 11, 4, 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
    ['a month that carries over', 2026, 13, 1, 'UTC', '2027-01-01T00:00:00.000Z'],
  ])('%s begins where its clocks say', (_, year, month, date, zone, expected) => {
    expect(new Date(startOfDay(year, month, date, zone)).toISOString()).toBe(expected);
  });

  test('weeks begin on Monday', () => {
    expect(weekday({ year: 2026, month: 11, day: 23, hour: 0, minute: 0, second: 0 })).toBe(0);
    expect(weekday({ year: 2026, month: 11, day: 22, hour: 0, minute: 0, second: 0 })).toBe(6);
  });
});

group('time ticks', () => {
  test('half a year in 640 pixels names each month once', () => {
    expect(labels('2026-05-25T00:00:00Z', '2026-11-23T00:00:00Z', 640)).toEqual([
      'Jun', 'Jul', 'Aug', 'Sept', 'Oct', 'Nov',
    ]);
  });

  test('a month in 640 pixels is cut at Mondays', () => {
    expect(labels('2026-10-25T00:00:00Z', '2026-11-23T00:00:00Z', 400)).toEqual([
      '26 Oct', '2 Nov', '9 Nov', '16 Nov', '23 Nov',
    ]);
  });

  test('the year is written where it turns', () => {
    expect(labels('2026-11-01T00:00:00Z', '2027-03-01T00:00:00Z', 400)).toEqual([
      'Nov', 'Dec', 'Jan 2027', 'Feb', 'Mar',
    ]);
  });

  test('less room gives fewer ticks', () => {
    expect(labels('2026-05-25T00:00:00Z', '2026-11-23T00:00:00Z', 200)).toEqual(['Jul', 'Sept', 'Nov']);
  });

  test('decades are counted in years', () => {
    expect(labels('2000-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 320)).toEqual([
      '2000', '2005', '2010', '2015', '2020', '2025',
    ]);
  });

  test('ticks lie on midnights of the zone', () => {
    const [first] = timeTicks(Date.parse('2026-10-20T22:00:00Z'), Date.parse('2026-10-28T23:00:00Z'), 900, 'Europe/Berlin', 'de');
    expect(new Date(first!.at).toISOString()).toBe('2026-10-20T22:00:00.000Z');
    expect(first!.label).toBe('21. Okt.');
  });

  test('no label is ever repeated', () => {
    for (let days = 1; days < 900; days += 13) {
      const from = Date.UTC(2026, 0, 17);
      const found = timeTicks(from, from + days * 86_400_000, 720, 'Europe/Berlin', 'en-GB').map((t) => t.label);
      expect(new Set(found).size).toBe(found.length);
      expect(found.length).toBeLessThanOrEqual(13);
    }
  });

  test('an empty span has no ticks', () => {
    expect(timeTicks(5, 5, 640, 'UTC', 'en-GB')).toEqual([]);
  });
});

group('value axes', () => {
  test('durations are cut in the unit they read best in', () => {
    expect(linearAxis([3 * hour, 44 * hour], 'seconds', 240).ticks.map((t) => t / hour)).toEqual([0, 10, 20, 30, 40, 50]);
    expect(linearAxis([3 * day, 5 * day], 'seconds', 240).ticks.map((t) => t / day)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(linearAxis([30, 40], 'seconds', 120).ticks).toEqual([0, 10, 20, 30, 40]);
  });

  test('the axis begins at zero and holds the largest value', () => {
    const axis = linearAxis([7, 13, null], 'count', 200);
    expect(axis.y(0)).toBe(200);
    expect(axis.y(13)).toBeGreaterThanOrEqual(0);
    expect(axis.high).toBeGreaterThanOrEqual(13);
  });

  test('counts have whole ticks', () => {
    expect(linearAxis([1], 'count', 280).ticks).toEqual([0, 1]);
  });

  test('shares do not pass 1', () => {
    expect(linearAxis([0.98, 1], 'share', 200).ticks.at(-1)).toBe(1);
    expect(linearAxis([1], 'share', 200).high).toBe(1);
  });

  test('nothing known leaves a plain axis', () => {
    expect(linearAxis([null], 'seconds', 200).high).toBe(hour);
    expect(linearAxis([], 'share', 200).high).toBeCloseTo(0.1);
    expect(linearAxis([0, 0], 'count', 200).high).toBe(1);
  });

  test('a logarithmic axis is cut at durations people know', () => {
    const axis = logAxis([200, 30 * day], 280);
    expect(axis.kind).toBe('log');
    expect(axis.ticks).toEqual([300, hour, 12 * hour, 3 * day, 30 * day]);
    expect(axis.y(axis.high)).toBeCloseTo(0);
    expect(axis.y(0)).toBeCloseTo(280);
  });

  test('a logarithmic axis with little room keeps its upper end', () => {
    const axis = logAxis([60, 90 * day], 90);
    expect(axis.ticks.length).toBeLessThanOrEqual(3);
    expect(axis.ticks.at(-1)).toBe(90 * day);
  });

  test('a logarithmic axis of nothing positive is linear', () => {
    expect(logAxis([null, 0], 200).kind).toBe('linear');
  });

  test('values beyond a year get an axis of their own', () => {
    expect(logAxis([day, 900 * day], 200).high).toBeGreaterThan(900 * day);
  });

  test.each([
    ['wide spread', [1, 1, 1], [9, 10, 20], true],
    ['narrow spread', [1, 1, 1], [3, 4, 20], false],
    ['nothing to compare', [null, 0], [5, 5], false],
    ['no p90', [1], [null], false],
  ])('a %s decides the kind of axis', (_, median, p90, expected) => {
    expect(isSkewed(median, p90)).toBe(expected);
  });

  test.each([
    [30, 'second'],
    [90, 'minute'],
    [5 * hour, 'hour'],
    [47 * hour, 'hour'],
    [3 * day, 'day'],
  ])('%d seconds read best in %ss', (seconds, unit) => {
    expect(durationUnit(seconds)).toBe(unit);
  });

  test('time is linear', () => {
    expect(timeScale(100, 200, 50)(150)).toBe(25);
  });
});

group('paths', () => {
  const line = [
    { x: 0, y: 10 },
    { x: 10, y: 20.04 },
    { x: 20, y: null },
    { x: 30, y: 5 },
    { x: 40, y: null },
  ];

  test('a line breaks where there is no value', () => {
    expect(linePath(line)).toBe('M0,10L10,20M30,5Z');
  });

  test('a line of nothing is empty', () => {
    expect(linePath([])).toBe('');
    expect(areaPath([])).toBe('');
  });

  test('a range breaks where either side has no value', () => {
    expect(
      areaPath([
        { x: 0, low: 10, high: 5 },
        { x: 10, low: 12, high: 6 },
        { x: 20, low: 12, high: null },
      ]),
    ).toBe('M0,5L10,6L10,12L0,10Z');
  });

  test('points that no line reaches are found', () => {
    expect(lonePoints(line)).toEqual([{ x: 30, y: 5 }]);
    expect(lonePoints([{ x: 1, y: 1 }])).toEqual([{ x: 1, y: 1 }]);
  });

  test('stretches that touch an unfinished span are dashed', () => {
    const points = [0, 1, 2, 3].map((x) => ({ x, y: x }));
    const [solid, dashed] = splitIncomplete(points, [false, true, true, false]);
    expect(linePath(solid)).toBe('M1,1L2,2');
    expect(linePath(dashed)).toBe('M0,0L1,1M2,2L3,3');
  });

  test('whole spans have nothing dashed', () => {
    const [solid, dashed] = splitIncomplete([{ x: 0, y: 1 }, { x: 1, y: 2 }], [true, true]);
    expect(linePath(solid)).toBe('M0,1L1,2');
    expect(dashed).toEqual([]);
  });
});

group('labels', () => {
  test('texts with room stay where they want to be', () => {
    expect(placed([10, 50, 90])).toEqual([10, 50, 90]);
  });

  test('close texts part evenly', () => {
    expect(placed([50, 52])).toEqual([44, 58]);
    expect(placed([50, 50, 50])).toEqual([36, 50, 64]);
  });

  test('texts stay inside', () => {
    expect(placed([99, 100])).toEqual([86, 100]);
    expect(placed([0, 1])).toEqual([0, 14]);
  });

  test('order is kept and neighbours never overlap', () => {
    for (let seed = 1; seed < 60; seed++) {
      const ys = Array.from({ length: 5 }, (_, i) => ((seed * 37 * (i + 1)) % 101));
      const result = placed(ys, 0, 200);
      const gaps = result.slice(1).map((y, i) => y - result[i]!);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(13);
    }
  });

  test('nothing to place is nothing placed', () => {
    expect(spread([], 14, 0, 100)).toEqual([]);
  });
});

group('benchmark bands', () => {
  const axis = linearAxis([0, 2 * day], 'seconds', 200);

  test('bands are cut to the axis and those beyond it are left out', () => {
    const bands = placeBands(
      [
        { name: 'high', from: day, to: 7 * day },
        { name: 'elite', from: 0, to: day },
        { name: 'medium', from: 7 * day, to: 30 * day },
      ],
      axis,
    );
    expect(bands.map((b) => [b.name, Math.round(b.top), Math.round(b.bottom), b.shade, b.labelled])).toEqual([
      ['elite', 100, 200, 0, true],
      ['high', 0, 100, 1, true],
    ]);
  });

  test('an open band reaches the top, a thin one has no text', () => {
    const bands = placeBands(
      [
        { name: 'thin', from: 0, to: 0.05 * day },
        { name: 'rest', from: 0.05 * day, to: null },
      ],
      axis,
    );
    expect(bands.map((b) => b.labelled)).toEqual([false, true]);
    expect(bands[1]!.top).toBe(0);
  });
});

group('reading cursor', () => {
  test.each([
    ['ArrowRight', null, 0],
    ['ArrowRight', 1, 2],
    ['ArrowRight', 4, 4],
    ['ArrowLeft', null, 4],
    ['ArrowLeft', 0, 0],
    ['Home', 3, 0],
    ['End', 0, 4],
    ['Escape', 2, null],
    ['Escape', null, undefined],
    ['a', 2, undefined],
  ])('%s from %s leads to %s', (key, at, expected) => {
    expect(moved(key, at, 5)).toBe(expected);
  });

  test('there is nowhere to go without spans', () => {
    expect(moved('ArrowRight', null, 0)).toBeUndefined();
  });

  test('the nearest place is chosen', () => {
    expect(nearest([0, 10, 20], 14)).toBe(1);
    expect(nearest([0, 10, 20], 99)).toBe(2);
    expect(nearest([], 3)).toBeNull();
  });
});

group('layout', () => {
  test('a phone has a 240 pixel picture with less margin', () => {
    const narrow = frame(320, 320, 'labels');
    expect([narrow.height, narrow.narrow]).toEqual([240, true]);
    expect(frame(800, 320, 'labels').height).toBe(320);
    expect(narrow.plotWidth + narrow.left + narrow.right).toBe(320);
  });

  test('spans of unequal length have unequal widths', () => {
    const spans = [
      { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z', complete: true },
      { from: '2026-02-01T00:00:00Z', to: '2026-03-01T00:00:00Z', complete: true },
    ];
    const { slots } = timeAxis(spans, frame(700, 280, 'none'), 'UTC', 'en-GB');
    expect(slots[0]!.end - slots[0]!.start).toBeGreaterThan(slots[1]!.end - slots[1]!.start);
    expect(slots[0]!.middle).toBeCloseTo((slots[0]!.start + slots[0]!.end) / 2);
  });

  test('no spans have no axis', () => {
    expect(timeAxis([], frame(700, 280, 'none'), 'UTC', 'en-GB')).toEqual({ slots: [], ticks: [] });
  });
});

group('sparkline', () => {
  test('values fill the height and gaps stay gaps', () => {
    expect(sparkPoints([1, null, 3], 46, 26).points).toEqual([
      { x: 3, y: 23 },
      { x: 23, y: null },
      { x: 43, y: 3 },
    ]);
  });

  test('a flat line lies in the middle', () => {
    expect(sparkPoints([5, 5], 46, 26).points.map((p) => p.y)).toEqual([13, 13]);
  });

  test('one value stands in the middle, none nowhere', () => {
    expect(sparkPoints([5], 46, 26).points).toEqual([{ x: 23, y: 13 }]);
    expect(sparkPoints([], 46, 26).points).toEqual([]);
  });

  test('a band is drawn where it shows', () => {
    expect(sparkPoints([0, 10], 46, 26, { from: 0, to: 5 }).band).toEqual({ top: 13, bottom: 26 });
    expect(sparkPoints([0, 10], 46, 26, { from: 5, to: null }).band).toEqual({ top: 0, bottom: 13 });
    expect(sparkPoints([0, 10], 46, 26, { from: 20, to: 30 }).band).toBeNull();
    expect(sparkPoints([null], 46, 26, { from: 20, to: 30 }).band).toBeNull();
  });
});
