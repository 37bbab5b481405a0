export { SloSuggestionsPage } from './SloSuggestionsPage';
