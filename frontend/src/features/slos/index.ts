export { EditSloPage, NewSloPage } from './EditPage';
export { SloPage } from './SloPage';
export { SlosPage } from './SlosPage';
