import type { RangeDays } from '../../url/state';

/** The page of events looks back a month. */
export const eventsDays: RangeDays = 30;
