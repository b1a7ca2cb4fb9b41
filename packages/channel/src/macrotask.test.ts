import { describe, expect, it } from 'vitest';
import { yieldToMacrotask } from './macrotask.js';

describe('yieldToMacrotask', () => {
  it('lets everything that is ready in microtasks run first', async () => {
    const order: string[] = [];
    const yielded = yieldToMacrotask().then(() => order.push('macrotask'));
    for (let tick = 0; tick < 50; tick += 1) await undefined;
    order.push('microtasks');
    await yielded;
    expect(order).toEqual(['microtasks', 'macrotask']);
  });
});
