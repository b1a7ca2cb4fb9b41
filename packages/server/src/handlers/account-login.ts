import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * Handles `account/login/start`: keeps an API key, and tells everybody after the answer.
 *
 * @throws {RpcError} `invalidRequest` for an empty key, and for the ways of logging in that need somebody else's account.
 */
export const handleAccountLoginStart: Handler<'account/login/start'> = async (params, context) => {
  const { accounts, router } = context.services;
  if (params.type !== 'apiKey')
    throw invalidRequest(`login by ${params.type} is not supported by this server; log in with an API key`);
  const apiKey = params.apiKey.trim();
  if (apiKey === '') throw invalidRequest('apiKey must not be empty');
  if (!/^[\x21-\x7e]+$/.test(apiKey))
    throw invalidRequest('apiKey must be of characters that a header can hold');
  await accounts.login(apiKey);
  context.afterwards(() => {
    const completed = { loginId: null, success: true, error: null, onboardingEntrypoint: null };
    router.broadcast('account/login/completed', completed);
    router.broadcast('account/updated', { authMode: accounts.authMode, planType: null });
  });
  return { type: 'apiKey' };
};

/**
 * Handles `account/login/cancel`: a login with a key is over at once, so there is none to cancel.
 *
 * @throws {RpcError} `invalidRequest` for what is no id of a login.
 */
export const handleAccountLoginCancel: Handler<'account/login/cancel'> = ({ loginId }) => {
  if (!UUID.test(loginId)) throw invalidRequest(`invalid login id: ${loginId}`);
  return { status: 'notFound' };
};

/** Handles `account/logout`: forgets the key, where there is one, and tells everybody after the answer. */
export const handleAccountLogout: Handler<'account/logout'> = async (_, context) => {
  const { accounts, router } = context.services;
  await accounts.logout();
  context.afterwards(() => {
    router.broadcast('account/updated', { authMode: accounts.authMode, planType: null });
  });
  return {};
};
