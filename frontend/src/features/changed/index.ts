export { ChangedPage } from './ChangedPage';
