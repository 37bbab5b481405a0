import type { DoraReport, MetricName } from '../api/types';

/** The figures that can be explained. */
export type ExplainMetric = MetricName | 'incidents';

/** What the explain button and its popover take. */
export interface ExplainProps {
  metric: ExplainMetric;
  report: DoraReport;
  /** IANA zone in which the window is written. */
  timeZone: string;
  /** The list of rows behind the figure; without it no link is shown. */
  rowsHref?: string;
}
