export { QualityTab } from './QualityTab';
