/** The address of a location: where Vertex AI answers for it. */

/** Locations that are several regions; they have addresses of their own form. */
const MULTI_REGIONS: ReadonlySet<string> = new Set(['us', 'eu']);

/** A location's name cannot hold anything that would lead to another host: letters, digits and hyphens. */
export const LOCATION = /^[a-z]+(?:-[a-z]+\d+)?$/;

/** https://docs.cloud.google.com/vertex-ai/generative-ai/docs/learn/locations */
export function originOf(location: string): string {
  if (location === 'global') return 'https://aiplatform.googleapis.com';
  if (MULTI_REGIONS.has(location)) return `https://aiplatform.${location}.rep.googleapis.com`;
  return `https://${location}-aiplatform.googleapis.com`;
}
