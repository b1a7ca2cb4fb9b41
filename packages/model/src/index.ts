export { type ScriptedModelOptions, scriptedModel } from './scripted-model.js';
