import { describe, expect, it } from 'vitest';
import type { AgentPorts } from './agent-ports.js';
import { WritableArea } from './writable-area.js';

const LINKS: Readonly<Record<string, string>> = {
  '/link': '/work',
  '/home-link': '/work/home',
  '/real/way': '/etc',
};

function area(roots: readonly string[], protectedPaths: readonly string[] = []): Promise<WritableArea> {
  const files = { resolvePath: async (path: string) => LINKS[path] ?? path };
  return WritableArea.of(roots, { files, host: { protectedPaths } } as unknown as AgentPorts);
}

describe('WritableArea', () => {
  it('holds what lies in a root, segment by segment', async () => {
    const work = await area(['/work', '/other']);
    const paths = ['/work/a', '/work/a/b', '/other/c', '/workshop/a', '/a', '/'];
    expect(paths.filter((path) => work.contains(path))).toEqual(['/work/a', '/work/a/b', '/other/c']);
    expect((await area(['/'])).contains('/anything')).toBe(true);
    expect((await area([])).contains('/work/a')).toBe(false);
  });

  it('follows links on the way to a root', async () => {
    expect((await area(['/link'])).contains('/work/a')).toBe(true);
  });

  it('does not follow a link in another root, which the agent may have made itself', async () => {
    const work = await area(['/real', '/real/way']);
    expect(work.contains('/real/a')).toBe(true);
    expect(work.contains('/etc/passwd')).toBe(false);
    expect((await area(['/real/way'])).contains('/etc/passwd')).toBe(true);
  });

  it.each(['.git', '.millrace', '.codex', '.agents'])('does not hold %s, however deep', async (name) => {
    const work = await area(['/work']);
    expect(work.contains(`/work/${name}/file`)).toBe(false);
    expect(work.contains(`/work/${name}`)).toBe(false);
    expect(work.contains(`/work/deep/${name}/file`)).toBe(false);
    expect(work.contains(`/work/${name}x/file`)).toBe(true);
  });

  it('does not hold a protected path in a root, by whatever name it is known', async () => {
    for (const home of ['/work/home', '/home-link']) {
      const work = await area(['/work'], [home]);
      expect(work.contains('/work/home/config.toml')).toBe(false);
      expect(work.contains('/work/homely')).toBe(true);
    }
    expect((await area(['/work'], ['/work'])).contains('/work/a')).toBe(false);
  });

  it('holds a root that was named inside of a protected path', async () => {
    const nested = await area(['/home/project'], ['/home']);
    expect(nested.contains('/home/project/a')).toBe(true);
    expect(nested.contains('/home/config.toml')).toBe(false);
  });
});
