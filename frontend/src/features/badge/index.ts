export { BadgeButton } from './BadgeButton';
