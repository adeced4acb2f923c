import { describe, expect, test } from 'vitest';
import { SlidingSum } from './sliding-sum.ts';

function createWindow() {
  const clock = { nowMs: 1_000_000 };
  return {
    clock,
    window: new SlidingSum({ windowMs: 60_000, slotMs: 10, nowMs: () => clock.nowMs }),
  };
}

describe('sliding sum', () => {
  test('counts what happened in the last 60 s', () => {
    const { clock, window } = createWindow();
    window.add(1);
    clock.nowMs += 30_000;
    window.add(1);
    window.add(1);
    expect(window.sum()).toBe(3);
  });

  test('keeps an event for 60 s and drops it 10 ms later', () => {
    const { clock, window } = createWindow();
    window.add(1);
    clock.nowMs += 60_000;
    expect(window.sum()).toBe(1);
    clock.nowMs += 10;
    expect(window.sum()).toBe(0);
  });

  test.for([60_010, 120_000, 86_400_000])('is empty after a silence of %i ms', (silenceMs) => {
    const { clock, window } = createWindow();
    for (let event = 0; event < 5; event += 1) window.add(1);
    clock.nowMs += silenceMs;
    expect(window.sum()).toBe(0);
    window.add(1);
    expect(window.sum()).toBe(1);
  });

  test('agrees with a list of times on a long random walk', () => {
    const { clock, window } = createWindow();
    const slots: number[] = [];
    for (let step = 0; step < 5_000; step += 1) {
      clock.nowMs += (step * 7_919) % 97;
      window.add(1);
      slots.push(Math.floor(clock.nowMs / 10));
    }
    const newest = Math.floor(clock.nowMs / 10);
    expect(window.sum()).toBe(slots.filter((slot) => slot >= newest - 6_000).length);
  });

  test('is not confused by a clock that goes back', () => {
    const { clock, window } = createWindow();
    window.add(1);
    clock.nowMs -= 5_000;
    window.add(1);
    expect(window.sum()).toBe(2);
  });
});
