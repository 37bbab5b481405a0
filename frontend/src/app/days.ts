import type { RangeDays } from '../url/state';

/** The overview looks further back than other pages. */
export const overviewDays: RangeDays = 180;
