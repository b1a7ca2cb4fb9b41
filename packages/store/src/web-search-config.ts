import type { WebSearchSpec } from '@millrace/core/ports';
import type { TableReader } from './table-reader.js';

const MODES = ['disabled', 'cached', 'indexed', 'live'] as const;
const CONTEXT_SIZES = ['low', 'medium', 'high'] as const;

/**
 * Reads `web_search`, and `[tools.web_search]` for the rest. Null where the file asks for no search.
 *
 * @param unread Gets the keys that nobody knows.
 * @throws {ConfigError} naming the key and what is wrong with it.
 */
export function readWebSearch(
  root: TableReader,
  tools: TableReader | null,
  unread: string[],
): WebSearchSpec | null {
  // Older files switch it on and off with a bare true or false.
  const isSwitch = tools?.has('web_search') === true && !tools.isTable('web_search');
  const byDefault = isSwitch && tools.boolean('web_search') === true ? 'cached' : null;
  const mode = root.choice('web_search', MODES) ?? byDefault;
  const own = isSwitch ? null : (tools?.table('web_search') ?? null);
  const place = own?.table('location') ?? null;
  const spec = {
    contextSize: own?.choice('context_size', CONTEXT_SIZES) ?? null,
    allowedDomains: own?.texts('allowed_domains') ?? null,
    location: place && {
      country: place.text('country'),
      region: place.text('region'),
      city: place.text('city'),
      timezone: place.text('timezone'),
    },
  };
  unread.push(...(own?.unread() ?? []), ...(place?.unread() ?? []));
  if (mode === null || mode === 'disabled') return null;
  return { type: 'webSearch', name: 'web_search', access: mode, ...spec };
}
