import { de as application } from '../features/application/messages.de';
import { de as budget } from '../features/budget/messages.de';
import { de as spend } from '../features/budget/spend/messages.de';
import { de as changed } from '../features/changed/messages.de';
import { de as connectors } from '../features/connectors/messages.de';
import { de as definitions } from '../features/definitions/messages.de';
import { de as charts } from '../charts/messages.de';
import { de as delivery } from '../features/delivery/messages.de';
import { de as deployment } from '../features/deployment/messages.de';
import { de as deliveries } from '../features/deliveries/messages.de';
import { de as events } from '../features/events/messages.de';
import { de as incident } from '../features/incident/messages.de';
import { de as flow } from '../features/flow/messages.de';
import { de as groups } from '../features/groups/messages.de';
import { de as quality } from '../features/connectors/quality/messages.de';
import { de as overview } from '../features/overview/messages.de';
import { de as peer } from '../features/peer/messages.de';
import { de as slos } from '../features/slos/messages.de';
import { de as sloSuggestions } from '../features/slosuggestions/messages.de';
import { de as suggestions } from '../features/suggestions/messages.de';
import { de as explain } from '../explain/messages.de';
import type { Catalogue } from './i18n';
import { de as common } from './messages.de';

/** Every German text; the type refuses a missing or an unknown id. */
export const de: Catalogue = { ...common, ...delivery, ...deliveries, ...events, ...charts, ...explain, ...application, ...changed, ...connectors, ...definitions, ...peer, ...quality, ...deployment, ...incident, ...flow, ...groups, ...overview, ...budget, ...spend, ...slos, ...sloSuggestions, ...suggestions };
