import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

afterEach(cleanup);

// A busy machine is slow, not wrong.
configure({ asyncUtilTimeout: 30_000 });

// Browser interfaces that jsdom lacks and the component library asks for.
class Observer {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

globalThis.ResizeObserver ??= Observer as unknown as typeof ResizeObserver;
globalThis.IntersectionObserver ??= Observer as unknown as typeof IntersectionObserver;

if (typeof window !== 'undefined') {
  // jsdom has no modal dialogs: these take the focus, close on Escape and give it back.
  window.HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
    const before = document.activeElement as HTMLElement | null;
    const escape = (event: KeyboardEvent) => event.key === 'Escape' && this.close();
    this.open = true;
    this.addEventListener('keydown', escape);
    this.addEventListener('close', () => (this.removeEventListener('keydown', escape), before?.focus()), { once: true });
    queueMicrotask(() => this.querySelector<HTMLElement>('button, [href], input')?.focus());
  };
  window.HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
    this.open = false;
    this.dispatchEvent(new Event('close'));
  };
  window.matchMedia ??= ((query: string) => ({
    matches: false,
    media: query,
    onchange: null,
    addEventListener: () => {},
    removeEventListener: () => {},
    addListener: () => {},
    removeListener: () => {},
    dispatchEvent: () => false,
  })) as unknown as typeof window.matchMedia;
  window.HTMLElement.prototype.scrollIntoView ??= () => {};
  window.scrollTo = () => {};
}
