export { Chain } from './Chain';
export { Copies } from './Copies';
export { Rows } from './Rows';
