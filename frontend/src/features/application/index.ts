export { ApplicationPage } from './ApplicationPage';
export type { ApplicationPageProps } from './ApplicationPage';
