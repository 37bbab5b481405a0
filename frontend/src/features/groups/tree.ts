import type { GroupItem } from '../../api/types';

/** A group at its depth, in the order of a tree read from the top. */
export interface TreeRow {
  readonly group: GroupItem;
  readonly depth: number;
}

/**
 * Orders groups as a tree, siblings by name. A group whose parent is missing,
 * or that is part of a loop, stands at the top.
 */
export function treeRows(groups: readonly GroupItem[]): readonly TreeRow[] {
  const slugs = new Set(groups.map((group) => group.slug));
  const children = new Map<string, GroupItem[]>();
  for (const group of groups) {
    const parent = group.parent && slugs.has(group.parent) ? group.parent : '';
    children.set(parent, [...(children.get(parent) ?? []), group]);
  }
  const rows: TreeRow[] = [];
  const seen = new Set<string>();
  const visit = (group: GroupItem, depth: number) => {
    if (seen.has(group.slug)) return;
    seen.add(group.slug);
    rows.push({ group, depth });
    for (const child of byName(children.get(group.slug))) visit(child, depth + 1);
  };
  for (const top of byName(children.get(''))) visit(top, 0);
  for (const left of byName(groups)) visit(left, 0);
  return rows;
}

function byName(groups: readonly GroupItem[] = []): readonly GroupItem[] {
  return groups.toSorted((a, b) => a.name.localeCompare(b.name));
}

/** The groups above a group, outermost first. */
export function pathTo(groups: readonly GroupItem[], slug: string): readonly GroupItem[] {
  const bySlug = new Map(groups.map((group) => [group.slug, group]));
  const path: GroupItem[] = [];
  for (let up = bySlug.get(bySlug.get(slug)?.parent ?? ''); up && !path.includes(up); up = bySlug.get(up.parent ?? '')) {
    path.unshift(up);
  }
  return path;
}
