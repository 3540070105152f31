/** The plugin's options. */
import { z } from 'zod';

export const options = z.strictObject({
  listen: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1').describe('The address to listen on.'),
      port: z.int().min(0).max(65_535).describe('The port to listen on; 0 for any free one.'),
    })
    .optional()
    .describe('A listener of its own for the management routes. Without it, they are served where models are.'),
  bodyLimit: z
    .int()
    .min(1024)
    .max(64 * 1024 * 1024)
    .default(1024 * 1024)
    .describe('The most bytes that the body of a management request may have.'),
  openapi: z
    .boolean()
    .default(true)
    .describe('Whether the OpenAPI document is served at `/openapi.json`, to everybody who has a key.'),
});
export type Options = z.output<typeof options>;
