/** Where the chat endpoint of a deployment is. */
import { GatewayError, type Target } from '@gatewright/core';
import type { Options } from './options.ts';

/**
 * What a deployment may be called. Azure allows letters, digits, `-`, `_` and `.`; with nothing else, and no dot in
 * front, a name cannot leave its place in the path. Wildcard models let clients choose the name.
 */
const DEPLOYMENT = /^[A-Za-z0-9][\w.-]{0,127}$/;

/**
 * The path behind the endpoint, with its query, for the deployment that the target names.
 * Throws `GW_UNKNOWN_MODEL` where no deployment can have the name.
 */
export function chatPath({ api, apiVersion }: Pick<Options, 'api' | 'apiVersion'>, target: Target): string {
  const query = apiVersion === undefined ? '' : `?api-version=${apiVersion}`;
  if (api === 'v1') return `/openai/v1/chat/completions${query}`;
  if (!DEPLOYMENT.test(target.model)) {
    throw new GatewayError('GW_UNKNOWN_MODEL', 'No deployment can have the name that was asked for.', {
      target: target.id,
      param: 'model',
      help: 'Names of deployments have letters, digits, "-", "_" and "." only.',
    });
  }
  return `/openai/deployments/${target.model}/chat/completions${query}`;
}
