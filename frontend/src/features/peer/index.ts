export { PeerPage } from './PeerPage';
