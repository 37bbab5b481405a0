export { ConnectionPage } from './ConnectionPage';
export { ConnectorsPage } from './ConnectorsPage';
