export { ExplainButton } from "./ExplainButton";
export { explain } from "./explain";
export type { ExplainMetric, ExplainProps, ExplainReport } from "./types";
