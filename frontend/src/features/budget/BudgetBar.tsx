import styles from './budget.module.css';

/** Budgets further below zero than this end in an arrow; the number beside the bar is exact. */
const lowest = -0.5;
const width = 96;
const height = 14;
const zero = (-lowest / (1 - lowest)) * width;

/** A budget as a bar from its zero line: to the right what is left, to the left what is overspent. */
export function BudgetBar({ remaining }: { remaining: number | null }) {
  if (remaining === null) return <svg className={styles.bar} viewBox={`0 0 ${width} ${height}`} aria-hidden="true" />;
  const held = Math.max(lowest, Math.min(1, remaining));
  const at = ((held - lowest) / (1 - lowest)) * width;
  const tone = remaining <= 0 ? 'bad' : remaining < 0.25 ? 'watch' : 'good';
  return (
    <svg className={styles.bar} viewBox={`0 0 ${width} ${height}`} data-tone={tone} aria-hidden="true">
      <rect className={styles.track} x={zero} y={4} width={width - zero} height={6} />
      <rect className={styles.fill} x={Math.min(zero, at)} y={4} width={Math.abs(at - zero)} height={6} />
      {remaining < lowest && <path className={styles.fill} d="M5 1 0 7l5 6Z" />}
      <line className={styles.zero} x1={zero} x2={zero} y1={0} y2={height} />
    </svg>
  );
}
