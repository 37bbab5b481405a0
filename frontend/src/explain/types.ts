import type { ExplainParams } from '../api/queries';
import type { DoraReport, MetricName } from '../api/types';

/** The figures that can be explained. */
export type ExplainMetric = MetricName | 'incidents';

/** Whose figure it is: of an application, of a group, or of the whole workspace. */
export type ExplainScope = Pick<ExplainParams, 'workspace' | 'application' | 'group' | 'capability' | 'ownership' | 'environment'>;

/** What the explain button and its drawer take. */
export interface ExplainProps {
  metric: ExplainMetric;
  report: DoraReport;
  scope: ExplainScope;
  /** IANA zone in which instants are written. */
  timeZone: string;
  /** The list on the page that holds the rows behind the figure; without it no link is shown. */
  rowsHref?: string;
  /** What is known of others, line by line. */
  context?: readonly string[];
}

/** The parts of an explanation. */
export type ExplainView = 'figure' | 'included' | 'excluded';
