import { describe, expect, it } from 'vitest';
import { callOutput, History } from './history.js';
import type { CustomToolCallItem, FunctionCallItem } from './response-item.js';

const call = (id: string): FunctionCallItem => ({
  type: 'function_call',
  call_id: id,
  name: 'exec_command',
  arguments: '{}',
});
const custom = (id: string): CustomToolCallItem => ({
  type: 'custom_tool_call',
  call_id: id,
  name: 'apply_patch',
  input: '',
});

describe('History', () => {
  it('answers every call that has no output, in order, and only those', () => {
    const history = new History();
    history.append(call('a'), callOutput(call('a'), 'done'), call('b'), custom('c'));
    expect(history.missingOutputs()).toEqual([
      { type: 'function_call_output', call_id: 'b', output: 'aborted' },
      { type: 'custom_tool_call_output', call_id: 'c', output: 'aborted' },
    ]);
    history.append(...history.missingOutputs());
    expect(history.missingOutputs()).toEqual([]);
  });

  it('keeps what was said in order', () => {
    const history = new History();
    expect(history.isEmpty).toBe(true);
    history.append(call('a'));
    history.append(custom('b'));
    expect(history.items).toEqual([call('a'), custom('b')]);
    expect(history.isEmpty).toBe(false);
  });
});
