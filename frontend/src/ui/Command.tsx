import styles from './ui.module.css';

/** Lines to be typed into a terminal. */
export function Command({ children }: { children: string }) {
  return <pre className={styles.command}>{children}</pre>;
}
