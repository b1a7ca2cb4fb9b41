import type { Handler } from '../handlers.js';

/** Handles `experimentalFeature/list`: no feature of Millrace is switched by a name. */
export const handleExperimentalFeatureList: Handler<'experimentalFeature/list'> = () => NONE;

const NONE = { data: [], nextCursor: null };
