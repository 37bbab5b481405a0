import { useId, type ReactNode } from 'react';
import type { MetricChange } from '../api/types';
import { Delta } from './Delta';
import type { Quantity } from './format';
import styles from './ui.module.css';

export interface TileProps {
  readonly label: string;
  /** Null where there is nothing to show; then reason says why. */
  readonly quantity: Quantity | null;
  readonly reason?: string;
  readonly change?: MetricChange | null;
  /** One line: what the figure counts, and n. */
  readonly caption: string;
  /** A warning about the figure, "covers 61 %". */
  readonly partial?: { readonly short: string; readonly full: string } | null;
  /** A word-sized trend. */
  readonly spark?: ReactNode;
  readonly benchmark?: string | null;
  /** All that is known of others, for the tooltip. */
  readonly benchmarkHint?: string;
  /** Level of the heading. Default 4. */
  readonly headingLevel?: 2 | 3 | 4;
  /** The explain button. */
  readonly explain?: ReactNode;
}

/** One figure with its change, trend, number of cases and explanation. */
export function Tile(props: TileProps) {
  const { label, quantity, reason, change, caption, partial, spark, benchmark, benchmarkHint, explain } = props;
  const id = useId();
  const Heading = `h${props.headingLevel ?? 4}` as 'h2' | 'h3' | 'h4';
  return (
    <article className={styles.tile} aria-labelledby={id}>
      <div className={styles.tileHead}>
        <Heading id={id} className={styles.tileLabel}>
          {label}
        </Heading>
        {explain}
      </div>
      <p className={styles.tileValue}>
        {quantity ? (
          <>
            <span className={styles.tileNumber}>{quantity.value}</span>
            <span className={styles.tileUnit}>{quantity.unit}</span>
          </>
        ) : (
          <span className={styles.tileReason}>{reason}</span>
        )}
      </p>
      <p className={styles.tileDelta}>
        <Delta change={quantity ? change : null} />
        {quantity && partial && (
          <span className={styles.partial} title={partial.full}>
            {partial.short}
          </span>
        )}
      </p>
      <div className={styles.tileSpark}>{quantity && spark}</div>
      <p className={styles.tileCaption}>{caption}</p>
      {benchmark && (
        <p className={styles.tileBenchmark} title={benchmarkHint}>
          {benchmark}
        </p>
      )}
    </article>
  );
}
