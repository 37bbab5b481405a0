/** English texts of this folder. */
export const en = {
  'groups.by': 'Show',
  'column.capability': 'Capability',
  'groups.by.group': 'Teams',
  'groups.by.capability': 'Capabilities',
  'groups.capabilities': 'Business capabilities',
  'groups.capabilities_scope': 'What the business does, whoever runs the software for it. Counts include everything below.',
  'groups.no_capabilities': 'No business capabilities are defined yet',
  'groups.no_capabilities_text': 'They come from the catalogue file: capabilities, and the capability of each application.',
  'ownership.label': 'Ownership',
  'ownership.then': 'At the time',
  'ownership.today': 'Today’s',
  'ownership.then_text': 'What happened counts for the team that owned the application then.',
  'ownership.today_text': 'All of the past counts for the team that owns the application today.',
  'capability.applications': 'Applications of {name}',
  'capability.missing': 'There is no capability "{slug}" in this workspace',
} as const;
