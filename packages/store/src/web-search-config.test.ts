import { describe, expect, it } from 'vitest';
import { interpretConfig } from './config.js';

const NOTHING_MORE = { contextSize: null, allowedDomains: null, location: null };
const read = (table: Record<string, unknown>) => interpretConfig(table).config.webSearch;

describe('the search of the web in a configuration', () => {
  it.each(['cached', 'indexed', 'live'])('is %s where the file says so', (access) => {
    expect(read({ web_search: access })).toEqual({
      type: 'webSearch',
      name: 'web_search',
      access,
      ...NOTHING_MORE,
    });
  });

  it('is nothing where the file does not ask for it, or says that it is disabled', () => {
    expect(read({})).toBeNull();
    expect(read({ web_search: 'disabled', tools: { web_search: true } })).toBeNull();
    expect(read({ tools: { web_search: { context_size: 'low' } } })).toBeNull();
    expect(read({ tools: { web_search: false } })).toBeNull();
  });

  it('is switched on by a bare true, as older files have it', () => {
    expect(read({ tools: { web_search: true } })).toMatchObject({ access: 'cached' });
  });

  it('takes how much, where and for whom from the table of the tool, and warns of keys that nobody reads', () => {
    const location = { country: 'DE', city: 'Berlin', planet: 'Earth' };
    const tools = { web_search: { context_size: 'high', allowed_domains: ['a.b'], location, depth: 3 } };
    const { config, warnings } = interpretConfig({ web_search: 'live', tools });
    expect(config.webSearch).toEqual({
      type: 'webSearch',
      name: 'web_search',
      access: 'live',
      contextSize: 'high',
      allowedDomains: ['a.b'],
      location: { country: 'DE', city: 'Berlin', region: null, timezone: null },
    });
    expect(warnings).toEqual([
      'unrecognised configuration key `tools.web_search.depth` is ignored',
      'unrecognised configuration key `tools.web_search.location.planet` is ignored',
    ]);
  });

  it('is refused where it is neither of the words', () => {
    expect(() => read({ web_search: 'often' })).toThrow(/web_search/);
    expect(() => read({ tools: { web_search: 'live' } })).toThrow(/tools\.web_search/);
  });
});
