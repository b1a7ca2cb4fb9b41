/** Writes the page of the protocol. Call it at the root of the repository. */
import { writeFileSync } from 'node:fs';
import { PROTOCOL_PAGE, protocolPage } from './protocol-page.js';

writeFileSync(PROTOCOL_PAGE, protocolPage());
