/** Every route is in the OpenAPI document that is served, with all that it takes and answers. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { ROUTES, startRig, type Rig } from './rig.test.kit.ts';

interface Operation {
  operationId: string;
  summary: string;
  security?: unknown[];
  parameters?: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: { 'application/json': { schema: { properties: Record<string, unknown> } } } };
  responses: Record<string, { content?: { 'application/json': { schema: object } } }>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
}

let rig: Rig;
let document: Document;
beforeAll(async () => {
  rig = await startRig();
  document = (await rig.admin('GET', '/openapi.json')).body as unknown as Document;
});
afterAll(() => rig.close());

test('it is OpenAPI 3.1, and for those who have a key', async () => {
  expect(document.openapi).toBe('3.1.0');
  expect((await rig.as(undefined)('GET', '/openapi.json')).status).toBe(401);
});

test.each(ROUTES.map((one) => [one.method, one.path, one] as const))('%s %s is described', (method, path, route) => {
  const operation = document.paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
  expect(operation?.summary.length).toBeGreaterThan(10);
  const names = (operation?.parameters ?? []).map((one) => one.name);
  expect(names).toEqual([
    ...[...path.matchAll(/:(\w+)/g)].map(([, name]) => name),
    ...Object.keys(route.query?.shape ?? {}),
  ]);
  const body = operation?.requestBody?.content['application/json'].schema.properties;
  expect(Object.keys(body ?? {})).toEqual(Object.keys(route.body?.shape ?? {}));
  expect(operation?.responses['200']?.content?.['application/json'].schema).toBeTypeOf('object');
  expect(operation?.security).toEqual(route.access === 'open' ? [] : undefined);
});

test('no two operations have the same id, and no path is there that is not served', () => {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  expect(new Set(operations.map((one) => one.operationId)).size).toBe(operations.length);
  expect(operations).toHaveLength(ROUTES.length);
});

test('every schema reads back as a JSON Schema', () => {
  for (const route of ROUTES) {
    expect(() => z.fromJSONSchema(z.toJSONSchema(route.answer, { unrepresentable: 'any' }) as never)).not.toThrow();
  }
});
