import { LIMITS } from '@millrace/protocol';
import type { Handler } from '../handlers.js';
import { paginate } from '../page.js';

/** Handles `model/list`. Hidden models come only on request. */
export const handleModelList: Handler<'model/list'> = ({ cursor, limit, includeHidden }, { services }) => {
  const models = services.configuration.models.filter((model) => includeHidden === true || !model.hidden);
  return paginate(models, (model) => model.id, { cursor, limit: limit ?? LIMITS.defaultPageSize });
};
