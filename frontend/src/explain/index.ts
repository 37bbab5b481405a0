export { ExplainButton } from './ExplainButton';
export { explain, type Explanation } from './explain';
export type { ExplainMetric, ExplainProps, ExplainScope } from './types';
