/** English texts of this folder. */
export const en = {
  'control.weekly': 'Weekly chart',
  'control.silent.no_data': 'No limits: no week has a value.',
  'control.silent.few_weeks': 'No limits: {weeks} of the weeks before have a value that counts; 12 are needed.',
  'control.silent.definition_changed':
    'No limits: what is counted was defined anew, and only {weeks} of the weeks since then lie before those to be judged; 12 are needed.',
  'control.silent.no_whole_week': 'No limits: the period holds no whole week that can be judged.',
  'control.silent.no_variation': 'No limits: all weeks before have the same value.',
  'control.firm': 'Limits from {weeks} weeks, {from} to {to}.',
  'control.provisional':
    'Provisional limits from only {weeks} weeks, {from} to {to}: up to one steady figure in four shows a signal within a quarter by chance.',
  'control.found.stable': 'In {count, plural, one {# week} other {# weeks}} judged, no clear change.',
  'control.found.shifted': 'The level has moved since the week of {since}: {word}.',
  'control.found.unusual_weeks': '{count, plural, one {# week lies} other {# weeks lie}} outside the limits; the level has not clearly moved.',
  'control.found.went_back': 'The level moved and went back; no clear change.',
  'control.signal.beyond_limits': 'outside the limits: {word}',
  'control.signal.shift': 'the level has moved since the week of {since}: {word}',
  'control.weeks_only': 'Judged by weeks; choose weeks to see the limits.',
  'standing.between': 'Between the top {above} and {within} of answers',
  'standing.top': 'In the top {within} of answers',
  'standing.below': 'Below the top {above} of answers',
  'standing.source': '{name}: {n} respondents, answers of one application each; {evidence}.',
  'evidence.published': 'as published',
  'evidence.quoted': 'as others quote it in agreement',
  'evidence.single': 'as quoted once, consistent with the published mean',
  'evidence.unverified': 'not verified',
  'evidence.of': '{evidence}: {names}',
} as const;
