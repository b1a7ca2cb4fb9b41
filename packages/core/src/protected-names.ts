/**
 * Names in a writable directory that stay read-only, for commands and for patches: whoever writes them decides what later runs
 * outside the sandbox (hooks and settings of git, instructions and settings of agents).
 */
export const PROTECTED_NAMES: readonly string[] = ['.git', '.millrace', '.codex', '.agents'];
