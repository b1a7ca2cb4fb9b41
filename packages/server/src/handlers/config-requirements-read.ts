import type { Handler } from '../handlers.js';

/** Handles `configRequirements/read`: nobody administers a Millrace home, so nothing is required. */
export const handleConfigRequirementsRead: Handler<'configRequirements/read'> = () => NONE;

const NONE = { supportsIndependentSpeedModes: false, requirements: null };
