export { groupMembers, isRunning } from './process-table.js';
