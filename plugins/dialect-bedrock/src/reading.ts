/** How this dialect reads bodies: by places that know their path. */
export { isMissing, isObject, Reading } from '@gatewright/core/wire';
