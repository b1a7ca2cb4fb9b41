export { type ExecOptions, runExec } from './exec.js';
export { ExecError, type ExecErrorCode } from './exec-error.js';
export type { ExecEvent, ExecItem, ExecItemContent, ExecUsage } from './exec-event.js';
export { EXIT_CODES } from './exit-code.js';
export { createPaint, type Look, type Paint, wantsColors } from './paint.js';
export { printable } from './printable.js';
export { type PromptSources, readPrompt } from './prompt-input.js';
export { shownCommand } from './shown-command.js';
export type { TextStream } from './text-writer.js';
