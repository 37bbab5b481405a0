import { en as charts } from '../charts/messages.en';
import { en as common } from './messages.en';

/** The English texts that every page begins with; those of one page come with it, see addTexts. */
export const first = { ...common, ...charts } as const;
