import { type ExperimentalFeature, LIMITS } from '@millrace/protocol';
import type { Handler } from '../handlers.js';
import { paginate } from '../page.js';

/** Handles `experimentalFeature/list`: what can be switched on by a name in `[features]`. */
export const handleExperimentalFeatureList: Handler<'experimentalFeature/list'> = (
  { cursor, limit },
  { services },
) =>
  paginate<ExperimentalFeature>(services.configuration.features(), ({ name }) => name, {
    cursor,
    limit: limit ?? LIMITS.defaultPageSize,
  });
