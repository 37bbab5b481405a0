import { describe, expect, it, vi } from 'vitest';
import { createReader } from './shortcuts';

function setUp() {
  let time = 0;
  const actions = { 'g o': vi.fn(), '?': vi.fn(), '[': vi.fn() };
  const read = createReader(() => actions, () => time);
  const press = (key: string, init: KeyboardEventInit = {}, target: EventTarget = document.body) => {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init });
    target.dispatchEvent(event);
    Object.defineProperty(event, 'target', { value: target });
    read(event);
    return event;
  };
  return { actions, press, wait: (milliseconds: number) => (time += milliseconds) };
}

describe('shortcuts', () => {
  it('act on one key and keep it from the page', () => {
    const { actions, press } = setUp();
    expect(press('?').defaultPrevented).toBe(true);
    expect(actions['?']).toHaveBeenCalledOnce();
  });

  it('act on two keys in a second', () => {
    const { actions, press, wait } = setUp();
    press('g');
    wait(900);
    press('o');
    expect(actions['g o']).toHaveBeenCalledOnce();
  });

  it('forget the first key after a second', () => {
    const { actions, press, wait } = setUp();
    press('g');
    wait(1100);
    press('o');
    expect(actions['g o']).not.toHaveBeenCalled();
  });

  it('leave keys of the system and of text fields alone', () => {
    const { actions, press } = setUp();
    press('[', { ctrlKey: true });
    press('[', {}, document.body.appendChild(document.createElement('input')));
    expect(actions['[']).not.toHaveBeenCalled();
  });
});
