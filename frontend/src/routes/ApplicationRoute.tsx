import '@mantine/core/styles/Tabs.layer.css';
import { useParams } from '@tanstack/react-router';
import { ApplicationPage } from '../features/application';

/** The application page for the application that the address names. */
export function ApplicationRoute() {
  const { workspace = '', slug = '' } = useParams({ strict: false });
  return <ApplicationPage key={`${workspace}/${slug}`} workspace={workspace} slug={slug} />;
}
