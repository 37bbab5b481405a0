import { en as application } from '../features/application/messages.en';
import { en as budget } from '../features/budget/messages.en';
import { en as spend } from '../features/budget/spend/messages.en';
import { en as changed } from '../features/changed/messages.en';
import { en as connectors } from '../features/connectors/messages.en';
import { en as definitions } from '../features/definitions/messages.en';
import { en as charts } from '../charts/messages.en';
import { en as delivery } from '../features/delivery/messages.en';
import { en as deployment } from '../features/deployment/messages.en';
import { en as deliveries } from '../features/deliveries/messages.en';
import { en as events } from '../features/events/messages.en';
import { en as incident } from '../features/incident/messages.en';
import { en as flow } from '../features/flow/messages.en';
import { en as groups } from '../features/groups/messages.en';
import { en as quality } from '../features/connectors/quality/messages.en';
import { en as overview } from '../features/overview/messages.en';
import { en as peer } from '../features/peer/messages.en';
import { en as slos } from '../features/slos/messages.en';
import { en as sloSuggestions } from '../features/slosuggestions/messages.en';
import { en as suggestions } from '../features/suggestions/messages.en';
import { en as explain } from '../explain/messages.en';
import { en as common } from './messages.en';

/** Every English text, by id. English is the language other catalogues are checked against. */
export const en = { ...common, ...delivery, ...deliveries, ...events, ...charts, ...explain, ...application, ...changed, ...connectors, ...definitions, ...peer, ...quality, ...deployment, ...incident, ...flow, ...groups, ...overview, ...budget, ...spend, ...slos, ...sloSuggestions, ...suggestions } as const;

export type MessageId = keyof typeof en;
