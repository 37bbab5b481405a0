import { describe, expect, it } from 'vitest';
import type { GroupItem } from '../../api/types';
import { pathTo, treeRows } from './tree';

function group(slug: string, parent: string | null): GroupItem {
  return { slug, name: slug, parent, applications: 1 };
}

function shape(groups: readonly GroupItem[]): string[] {
  return treeRows(groups).map(({ group: { slug }, depth }) => `${'-'.repeat(depth)}${slug}`);
}

describe('the tree of groups', () => {
  it('lists children below their parent, siblings by name', () => {
    expect(shape([group('b', 'top'), group('top', null), group('a', 'top'), group('x', 'a')])).toEqual(['top', '-a', '--x', '-b']);
  });

  it('puts a group with an unknown parent at the top', () => {
    expect(shape([group('lost', 'gone')])).toEqual(['lost']);
  });

  it('keeps every group of a loop, once', () => {
    expect(shape([group('a', 'b'), group('b', 'a')]).length).toBe(2);
  });

  it('knows the way from the top', () => {
    const groups = [group('top', null), group('a', 'top'), group('x', 'a'), group('l', 'm'), group('m', 'l')];
    expect(pathTo(groups, 'x').map(({ slug }) => slug)).toEqual(['top', 'a']);
    expect(pathTo(groups, 'top')).toEqual([]);
    expect(pathTo(groups, 'l').length).toBeLessThanOrEqual(2);
  });
});
