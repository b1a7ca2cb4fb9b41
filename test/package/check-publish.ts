/**
 * Looks at every published package as npm would publish it: its metadata with publint, its types with attw. Needs a build.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { type PackedPackage, packPublished } from './packages.js';

const directory = mkdtempSync(join(tmpdir(), 'millrace-publish-'));
try {
  let findings = 0;
  for (const packed of packPublished(directory)) {
    const found = [...(await metadataFindings(packed)), ...typeFindings(packed)];
    console.log(`${found.length === 0 ? 'ok  ' : 'FAIL'} ${packed.manifest.name}`);
    for (const finding of found) console.log(`     ${finding}`);
    findings += found.length;
  }
  if (findings > 0) process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function metadataFindings({ tarball }: PackedPackage): Promise<readonly string[]> {
  const bytes = new Uint8Array(readFileSync(tarball)).buffer;
  const { messages, pkg } = await publint({ pack: { tarball: bytes }, strict: true });
  return messages
    .filter(({ type }) => type !== 'suggestion')
    .map((message) => `publint: ${formatMessage(message, pkg ?? {}, { color: false }) ?? message.code}`);
}

function typeFindings({ tarball }: PackedPackage): readonly string[] {
  const options = ['--profile', 'esm-only', '--format', 'ascii', '--no-emoji', '--no-color'];
  const { status, stdout, stderr } = spawnSync('attw', [tarball, ...options], { encoding: 'utf8' });
  if (status === 0) return [];
  return `${stdout}${stderr}`
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `attw: ${line}`);
}
