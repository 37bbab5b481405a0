import type { Aspect, Suggestion, SuggestionSource } from '../../api/suggestions';
import type { Translate } from '../../i18n/useT';
import { tierText } from '../applications/columns';

const lifecycles = ['experimental', 'production', 'deprecated'] as const;

/** A value as people call it. */
export function valueText(aspect: Aspect, value: string, name: string, t: Translate): string {
  if (aspect === 'tier') return tierText(Number(value), t);
  if (aspect === 'repository') return value.replaceAll('repo:', '');
  const lifecycle = aspect === 'lifecycle' && lifecycles.find((known) => known === value);
  return lifecycle ? t(`suggestions.lifecycle.${lifecycle}`) : name || value;
}

/** What holds today, beside what is suggested. */
export function presentText({ aspect, present, present_name: name }: Suggestion, t: Translate): string | null {
  if (aspect === 'dependency') return null; // An application needs many others.
  return t('suggestions.today', { value: present === '' ? t('suggestions.today_none') : valueText(aspect, present, name, t) });
}

/** How the value was read: by the rule's name where its words are not known. */
export function methodText({ method, detail, value, ...one }: Suggestion, t: Translate): string {
  const reference = one.reference || value;
  const [owned = '', files = ''] = detail.split('/');
  switch (method) {
    case 'spec.owner':
    case 'spec.system':
    case 'spec.lifecycle':
    case 'spec.dependsOn':
    case 'spec.consumesApis':
    case 'spec.dependencyOf':
      return t('suggestions.method.member', { member: method, reference });
    case 'annotation':
      return t('suggestions.method.annotation', { key: detail, reference });
    case 'label':
      return t('suggestions.method.label', { key: detail, reference });
    case 'file_place':
      return t('suggestions.method.file_place');
    case 'folder_rule':
      return t('suggestions.method.folder_rule', { pattern: detail, reference });
    case 'file_share':
      return t('suggestions.method.file_share', { owned, files, reference });
    case 'namespace':
      return t('suggestions.method.namespace', { name: detail });
    default:
      return [method, detail, reference].filter(Boolean).join(' · ');
  }
}

/** File, line and commit, "catalog-info.yaml:12 @ c0ffee1"; the repository where no file says it. */
export function placeText({ repository, path, line, commit }: SuggestionSource): string {
  const file = path && (line > 0 ? `${path}:${line}` : path);
  const place = [repository, file].filter(Boolean).join(' · ');
  return commit ? `${place} @ ${commit.slice(0, 10)}` : place;
}
