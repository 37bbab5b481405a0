import type { en } from './messages.en';

/** German texts of this folder. */
export const de: Readonly<Record<keyof typeof en, string>> = {};
