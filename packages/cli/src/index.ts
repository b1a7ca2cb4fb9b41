export { type AppServerOptions, type AppServerProcess, runAppServer } from './app-server.js';
