/**
 * Which form of the packages this process loads. The source form is slower than what users run: tsx names every closure at run time.
 */
export function measuredPackages(): 'built' | 'source' {
  return import.meta.resolve('@millrace/client').endsWith('/src/index.ts') ? 'source' : 'built';
}
