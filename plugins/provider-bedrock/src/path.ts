/** The path of a call. The model's name stands in it, and must not be able to lead elsewhere. */
import { GatewayError } from '@gatewright/core';
import { encodeStrictly } from './signature.ts';

/** Throws `GW_BAD_REQUEST` for a name that no path can hold. A name may come from a client, where models are wildcards. */
export function callPath(model: string, stream: boolean): string {
  return `/model/${segment(model)}/${stream ? 'converse-stream' : 'converse'}`;
}

/** Names have `:` and `/` in them: they are versioned, or the ARNs of profiles. Encoded they stay one segment. */
function segment(model: string): string {
  // Encoding leaves these as they are, and servers take them for a way up.
  if (model === '' || model === '.' || model === '..') throw refused(model);
  try {
    return encodeStrictly(model);
  } catch {
    throw refused(model);
  }
}

function refused(model: string): GatewayError {
  const message = `${JSON.stringify(model)} cannot be the name of a model: no path can hold it.`;
  return new GatewayError('GW_BAD_REQUEST', message, { param: 'model' });
}
