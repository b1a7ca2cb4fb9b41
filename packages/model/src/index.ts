export type { HttpFetch, HttpInit, HttpResponse } from './http-connection.js';
export { type ResponsesClientOptions, responsesClient } from './responses-client.js';
export type { ResponsesProvider } from './responses-provider.js';
export { type ScriptedModelOptions, scriptedModel } from './scripted-model.js';
