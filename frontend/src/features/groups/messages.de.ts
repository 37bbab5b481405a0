import type { en } from './messages.en';

/** German texts of this folder. */
export const de: Record<keyof typeof en, string> = {
  'groups.by': 'Zeigen',
  'column.capability': 'Fähigkeit',
  'groups.by.group': 'Teams',
  'groups.by.capability': 'Fähigkeiten',
  'groups.capabilities': 'Geschäftsfähigkeiten',
  'groups.capabilities_scope': 'Was das Geschäft tut, wer auch immer die Software dafür betreibt. Zahlen schließen alles darunter ein.',
  'groups.no_capabilities': 'Noch sind keine Geschäftsfähigkeiten beschrieben',
  'groups.no_capabilities_text': 'Sie kommen aus der Katalogdatei: capabilities, und bei jeder Anwendung capability.',
  'ownership.label': 'Zuständigkeit',
  'ownership.then': 'Damalige',
  'ownership.today': 'Heutige',
  'ownership.then_text': 'Was geschah, zählt für das Team, dem die Anwendung damals gehörte.',
  'ownership.today_text': 'Alles Vergangene zählt für das Team, dem die Anwendung heute gehört.',
  'capability.applications': 'Anwendungen von {name}',
  'capability.missing': 'Die Fähigkeit „{slug}“ gibt es in diesem Arbeitsbereich nicht',
};
