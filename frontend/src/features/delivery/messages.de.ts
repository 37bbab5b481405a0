/** German texts of this folder. */
export const de = {
  'control.weekly': 'Wochenverlauf',
  'control.silent.no_data': 'Keine Grenzen: Keine Woche hat einen Wert.',
  'control.silent.few_weeks': 'Keine Grenzen: {weeks} der Wochen davor haben einen Wert, der zählt; 12 sind nötig.',
  'control.silent.definition_changed':
    'Keine Grenzen: Was zählt, wurde neu festgelegt, und nur {weeks} der Wochen seitdem liegen vor denen, die zu beurteilen sind; 12 sind nötig.',
  'control.silent.no_whole_week': 'Keine Grenzen: Im Zeitraum liegt keine ganze Woche, die beurteilt werden kann.',
  'control.silent.no_variation': 'Keine Grenzen: Alle Wochen davor haben denselben Wert.',
  'control.firm': 'Grenzen aus {weeks} Wochen, {from} bis {to}.',
  'control.provisional':
    'Vorläufige Grenzen aus nur {weeks} Wochen, {from} bis {to}: Bis zu einer von vier gleichbleibenden Größen fällt im Vierteljahr durch Zufall auf.',
  'control.found.stable': 'In {count, plural, one {# beurteilten Woche} other {# beurteilten Wochen}} keine eindeutige Veränderung.',
  'control.found.shifted': 'Das Niveau hat sich seit der Woche vom {since} verschoben: {word}.',
  'control.found.unusual_weeks':
    '{count, plural, one {# Woche liegt} other {# Wochen liegen}} außerhalb der Grenzen; das Niveau hat sich nicht eindeutig verschoben.',
  'control.found.went_back': 'Das Niveau verschob sich und kehrte zurück; keine eindeutige Veränderung.',
  'control.signal.beyond_limits': 'außerhalb der Grenzen: {word}',
  'control.signal.shift': 'das Niveau hat sich seit der Woche vom {since} verschoben: {word}',
  'control.weeks_only': 'Nach Wochen beurteilt; Wochen wählen, um die Grenzen zu sehen.',
  'standing.between': 'Zwischen den besten {above} und {within} der Antworten',
  'standing.top': 'Unter den besten {within} der Antworten',
  'standing.below': 'Nicht unter den besten {above} der Antworten',
  'standing.source': '{name}: {n} Befragte, Antworten zu je einer Anwendung; {evidence}.',
  'evidence.published': 'wie veröffentlicht',
  'evidence.quoted': 'wie andere es übereinstimmend zitieren',
  'evidence.single': 'wie einmal zitiert, passend zum veröffentlichten Mittelwert',
  'evidence.unverified': 'nicht geprüft',
  'evidence.of': '{evidence}: {names}',
  'delivery.breaks': 'Änderungen der Definitionen',
  'delivery.break': 'Die Definition änderte sich am {day} (Version {version}: {note}). Zahlen davor und danach werden nicht verglichen.',
} as const;
