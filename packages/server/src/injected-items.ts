import type { ResponseItem } from '@millrace/core/ports';
import { readInjectedItem } from '@millrace/protocol';
import { invalidRequest } from './rpc-error.js';

/**
 * The items that a client wants the model to be given; those of a type that no model knows are left out.
 *
 * @throws {RpcError} `invalidRequest` for none at all, and for one that is no item.
 */
export function injectedItems(values: readonly unknown[]): readonly ResponseItem[] {
  if (values.length === 0) throw invalidRequest('items must not be empty');
  return values.flatMap((value, index) => {
    const read = readInjectedItem(value);
    if (read.type === 'invalid')
      throw invalidRequest(`items[${index}] is not a valid response item: ${read.text}`);
    return read.type === 'ignored' ? [] : [value as ResponseItem];
  });
}
