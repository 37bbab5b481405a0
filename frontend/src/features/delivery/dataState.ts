import type { DataState } from '../../api/types';
import type { Status } from '../../ui/StateBadge';

/** The mark of each state of data. */
export const stateStatus: Readonly<Record<DataState, Status>> = {
  ok: 'good',
  few_data: 'unknown',
  no_data: 'unknown',
  stale: 'watch',
};
