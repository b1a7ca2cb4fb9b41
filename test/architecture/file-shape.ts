import { basename } from 'node:path';
import { isTest, type SourceFile } from './source-file.js';

/** Lines of one source file. We aim at 300; above this a file holds two nouns. */
const SOURCE_LINES = 350;
/** Lines of one test file. We aim at 500. */
const TEST_LINES = 600;
/** The index of a package is a list of names, which nobody reads from top to bottom. */
const INDEX_LINES = 700;

/** Names that say nothing about what a file holds, so that it comes to hold everything. */
const VAGUE_NAMES = [
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'shared',
  'misc',
  'types',
  'constants',
  'base',
];

/** What is wrong with the name or the size of files, one sentence each. */
export function shapeFindings(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => [...nameFindings(file.path), ...sizeFindings(file)]);
}

function nameFindings(path: string): readonly string[] {
  const folders = path.split('/').slice(2, -1);
  const name = basename(path).replace(/(\.test)?\.tsx?$/, '');
  const vague = [...folders, name].filter((part) => VAGUE_NAMES.includes(part));
  const isKebabCase = /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name);
  return [
    ...vague.map((part) => `${path}: ${part} does not say what it holds`),
    ...(isKebabCase ? [] : [`${path}: the name is not in kebab-case`]),
  ];
}

function sizeFindings(file: SourceFile): readonly string[] {
  const lines = file.text.split('\n').length - 1;
  const limit = file.path.endsWith('/src/index.ts') ? INDEX_LINES : isTest(file) ? TEST_LINES : SOURCE_LINES;
  return lines > limit ? [`${file.path}: ${lines} lines, ${limit} at most`] : [];
}
