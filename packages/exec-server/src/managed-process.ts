import type { ClientProcess } from '@millrace/core/ports';
import type { ProcessGroup } from './process-group.js';

/** A running process as its runner keeps it. */
export interface ManagedProcess extends ClientProcess {
  readonly group: ProcessGroup;
}
