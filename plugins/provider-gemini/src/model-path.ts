/** The path of a model's method; a model's name cannot lead anywhere else. */
import { GatewayError } from '@gatewright/core';

/** Names of models and, with one slash, of tuned models: `tunedModels/my-model`. */
const NAME = /^(?:(models|tunedModels)\/)?([A-Za-z0-9][\w.-]*)$/;

/**
 * `/v1beta/models/gemini-3-pro:generateContent`. Throws `GW_BAD_REQUEST` for a name with anything in it that a path or a
 * URL could read as more than a name: `/ ? # @ : % ..`. Where models are wildcards, it comes from the client.
 */
export function modelPath(version: string, model: string, method: string): string {
  const match = NAME.exec(model);
  if (match === null || model.includes('..')) {
    throw new GatewayError('GW_BAD_REQUEST', `${JSON.stringify(model)} is no name of a Gemini model.`, {
      param: 'model',
      help: 'Names are such as "gemini-3-pro": of letters, digits, dots, hyphens and underscores.',
    });
  }
  return `/${version}/${match[1] ?? 'models'}/${match[2]}:${method}`;
}
