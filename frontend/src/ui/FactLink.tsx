import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

interface FactLinkProps {
  readonly workspace: string;
  readonly kind: string;
  readonly id: string;
  readonly children: ReactNode;
  readonly onClick?: () => void;
}

/** Leads to a fact: deployments and incidents have pages, any other is shown among the events. */
export function FactLink({ workspace, kind, id, children, onClick }: FactLinkProps) {
  if (kind === 'deployment') {
    return (
      <Link to="/w/$workspace/deployments/$id" params={{ workspace, id }} search={{}} onClick={onClick}>
        {children}
      </Link>
    );
  }
  if (kind === 'incident') {
    return (
      <Link to="/w/$workspace/incidents/$id" params={{ workspace, id }} search={{}} onClick={onClick}>
        {children}
      </Link>
    );
  }
  return (
    <Link to="/w/$workspace/events" params={{ workspace }} search={{ sel: id }} onClick={onClick}>
      {children}
    </Link>
  );
}
