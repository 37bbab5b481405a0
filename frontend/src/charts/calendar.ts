/** A civil date and time in some zone. Months count from 1. */
export interface Civil {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

// Building a formatter costs far more than using one, so one is kept per zone.
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formatters.set(timeZone, made);
  return made;
}

/** The civil time that clocks in the zone show at an instant (milliseconds). */
export function civil(instant: number, timeZone: string): Civil {
  const found = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const part of formatter(timeZone).formatToParts(instant)) {
    if (part.type in found) found[part.type as keyof Civil] = Number(part.value);
  }
  return found;
}

function offset(instant: number, timeZone: string): number {
  const c = civil(instant, timeZone);
  const shown = Date.UTC(c.year, c.month - 1, c.day, c.hour, c.minute, c.second);
  return shown - Math.floor(instant / 1000) * 1000;
}

/**
 * The instant at which a civil day begins in the zone. Days and months outside
 * their range carry over, as in Date.UTC. Where clocks jump over midnight the
 * result is the first instant of that day.
 */
export function startOfDay(year: number, month: number, day: number, timeZone: string): number {
  const wall = Date.UTC(year, month - 1, day);
  const before = wall - offset(wall - 86_400_000, timeZone);
  const after = wall - offset(wall + 86_400_000, timeZone);
  const wanted = new Date(wall).getUTCDate();
  const candidates = [Math.min(before, after), Math.max(before, after)];
  const exact = candidates.find((t) => offset(t, timeZone) === wall - t);
  return exact ?? candidates.find((t) => civil(t, timeZone).day === wanted) ?? candidates[1]!;
}

/** The day of the week of a civil date, 0 for Monday. */
export function weekday(c: Civil): number {
  return (new Date(Date.UTC(c.year, c.month - 1, c.day)).getUTCDay() + 6) % 7;
}
