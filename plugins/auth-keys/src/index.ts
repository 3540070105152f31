/** The plugin: virtual keys. */
export type { KeyService } from './service.ts';
