#!/usr/bin/env node
import { runAppServer } from './app-server.js';

if (process.argv[2] === 'app-server') process.exitCode = await runAppServer({}, process);
