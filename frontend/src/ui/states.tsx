import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { ApiError } from '../api/problem';
import { useT } from '../i18n/useT';
import { StatusMark, type Status } from './StateBadge';
import styles from './ui.module.css';

interface EmptyProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  readonly status?: Status;
}

/** Says why there is nothing to see, and what to do about it. */
export function EmptyState({ title, children, action, status = 'unknown' }: EmptyProps) {
  return (
    <div className={styles.empty}>
      <StatusMark status={status} size={28} />
      <p className={styles.emptyTitle}>{title}</p>
      {children && <p className={styles.emptyText}>{children}</p>}
      {action}
    </div>
  );
}

/** An error with the server's own words, the request's name and another try. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useT();
  const api = error instanceof ApiError ? error : null;
  const title = api ? api.message || (api.status === 0 ? t('error.offline') : t('error.title')) : t('error.render');
  return (
    <div className={styles.empty} role="alert">
      <StatusMark status="bad" size={28} />
      <p className={styles.emptyTitle}>{title}</p>
      {api?.detail && <p className={styles.emptyText}>{api.detail}</p>}
      <p className={styles.emptyNote}>
        {api && api.status > 0 && <span>{t('error.status', { status: api.status })}</span>}
        {api?.requestId && <span>{t('error.request', { id: api.requestId })}</span>}
      </p>
      {onRetry && (
        <Button variant="default" size="xs" onClick={onRetry}>
          {t('error.retry')}
        </Button>
      )}
    </div>
  );
}

interface BoundaryState {
  readonly error: unknown;
  readonly failed: boolean;
}

/** Keeps a defect of one panel away from its neighbours. */
export class PanelBoundary extends Component<{ children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { error: null, failed: false };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { error, failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return <ErrorState error={this.state.error} onRetry={() => this.setState({ error: null, failed: false })} />;
  }
}
