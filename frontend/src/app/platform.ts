/** The name of the key that goes with K: ⌘ on Apple keyboards, Ctrl elsewhere. */
export function modifierName(): string {
  return /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl';
}
