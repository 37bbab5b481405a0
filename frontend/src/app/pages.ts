import type { ComponentType } from 'react';
import type { MessageId } from '../i18n/i18n';
import { IconActivity, IconAdjustments, IconApps, IconDashboard, IconHistory, IconPlug, IconScale, IconTarget, IconTimeline, IconUsers } from '../ui/icons';

/** A page that the navigation leads to. */
export interface PageEntry {
  readonly to: '/w/$workspace/overview' | '/w/$workspace/connectors' | '/w/$workspace/events' | '/w/$workspace/applications' | '/w/$workspace/groups' | '/w/$workspace/changed' | '/w/$workspace/peer' | '/w/$workspace/definitions' | '/w/$workspace/value-stream' | '/w/$workspace/slos';
  readonly label: MessageId;
  readonly icon: ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>;
  /** The second key of its "g" shortcut. */
  readonly key: string;
}

export interface PageGroup {
  readonly label: MessageId;
  readonly pages: readonly PageEntry[];
}

/** The navigation in its groups; a group without pages is not shown. */
export const pageGroups: readonly PageGroup[] = [
  {
    label: 'nav.understand',
    pages: [
      { to: '/w/$workspace/overview', label: 'nav.overview', icon: IconDashboard, key: 'o' },
      { to: '/w/$workspace/value-stream', label: 'nav.value_stream', icon: IconTimeline, key: 'v' },
      { to: '/w/$workspace/groups', label: 'nav.teams', icon: IconUsers, key: 't' },
      { to: '/w/$workspace/applications', label: 'nav.applications', icon: IconApps, key: 'a' },
      { to: '/w/$workspace/changed', label: 'nav.changed', icon: IconHistory, key: 'h' },
    ],
  },
  { label: 'nav.control', pages: [{ to: '/w/$workspace/slos', label: 'nav.slos', icon: IconTarget, key: 's' }] },
  { label: 'nav.improve', pages: [] },
  {
    label: 'nav.trust',
    pages: [
      { to: '/w/$workspace/events', label: 'nav.events', icon: IconActivity, key: 'e' },
      { to: '/w/$workspace/connectors', label: 'nav.connectors', icon: IconPlug, key: 'c' },
      { to: '/w/$workspace/definitions', label: 'nav.definitions', icon: IconAdjustments, key: 'f' },
      { to: '/w/$workspace/peer', label: 'nav.peer', icon: IconScale, key: 'd' },
    ],
  },
];

export const pages: readonly PageEntry[] = pageGroups.flatMap((group) => group.pages);
