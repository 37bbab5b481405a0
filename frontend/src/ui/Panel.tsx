import { useId, type ReactNode } from 'react';
import { PanelBoundary } from './states';
import styles from './ui.module.css';

interface PanelProps {
  readonly title?: string;
  /** A control beside the heading. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A framed part of a page with its own heading and error boundary. */
export function Panel({ title, action, children, className }: PanelProps) {
  const id = useId();
  return (
    <section className={`${styles.panel} ${className ?? ''}`} aria-labelledby={title ? id : undefined}>
      {title && (
        <div className={styles.panelHead}>
          <h2 id={id} className={styles.panelTitle}>
            {title}
          </h2>
          {action}
        </div>
      )}
      <PanelBoundary>{children}</PanelBoundary>
    </section>
  );
}
