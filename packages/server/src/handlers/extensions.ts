import type { Handler } from '../handlers.js';

/** Handles `plugin/list`: Millrace knows no marketplace. */
export const handlePluginList: Handler<'plugin/list'> = () => ({
  marketplaces: [],
  marketplaceLoadErrors: [],
  featuredPluginIds: [],
});

/** Handles `app/list`: Millrace connects to no apps. */
export const handleAppList: Handler<'app/list'> = () => ({ data: [], nextCursor: null });

/** Handles `app/installed`. */
export const handleAppInstalled: Handler<'app/installed'> = () => ({ apps: [] });

/** Handles `app/read`: whichever app is asked for, it is not there. */
export const handleAppRead: Handler<'app/read'> = ({ appIds }) => ({ apps: [], missingAppIds: [...appIds] });

/** Handles `experimentalFeature/enablement/set`: no feature is switched for the whole process, so every name is left out. */
export const handleFeatureEnablementSet: Handler<'experimentalFeature/enablement/set'> = () => ({
  enablement: {},
});

/** Handles `windowsSandbox/readiness`: there is none. */
export const handleWindowsSandboxReadiness: Handler<'windowsSandbox/readiness'> = () => ({
  status: 'notConfigured',
});

/** Handles `mock/experimentalMethod`: an answer means that the client may use what is experimental. */
export const handleMockExperimentalMethod: Handler<'mock/experimentalMethod'> = ({ value }) => ({
  echoed: value ?? null,
});
