/** The OpenAPI 3.1 document of the management routes, made of their schemas. */
import { z } from 'zod';
import { errorAnswer } from './failure.ts';
import type { AdminRoute } from './route.ts';

type Json = Record<string, unknown>;

/** Who may call a route, in words. */
const ACCESS: Readonly<Record<AdminRoute['access'], string>> = {
  open: 'Open to everybody.',
  known: 'For every key; what it sees and may change depends on its role.',
  viewer: 'For the roles admin and admin-viewer.',
  admin: 'For the role admin.',
};

/** The document. https://spec.openapis.org/oas/v3.1.1 */
export function openApi(routes: readonly AdminRoute[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Gatewright: management',
      version,
      description: 'Keys, users, teams, organisations, budgets, spend and reports of a Gatewright gateway.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: [...new Set(routes.map(({ group }) => group))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Error: schemaOf(errorAnswer, 'output') },
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'The admin key, a key with a role, or a JWT.' },
      },
      responses: {
        Error: {
          description:
            'What is wrong: 400 bad input, 401 no such key, 403 not allowed, 404 not there, 409 changed meanwhile, 503 out of reach.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
    },
    security: [{ key: [] }],
  };
}

function operationOf(route: AdminRoute): Json {
  const { method, path, group, summary, access, query, body, answer } = route;
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const parameters = [...inPath, ...(query === undefined ? [] : parametersOf(query))];
  return {
    operationId: `${method.toLowerCase()}${path.replaceAll(/[/:._]+(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
    tags: [group],
    summary,
    description: ACCESS[access],
    ...(access === 'open' ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } } }),
    responses: {
      '200': { description: 'It is done.', content: { 'application/json': { schema: schemaOf(answer, 'output') } } },
      default: { $ref: '#/components/responses/Error' },
    },
  };
}

function parametersOf(query: z.ZodObject): Json[] {
  const { properties = {}, required = [] } = schemaOf(query, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = schema;
    const told = typeof description === 'string' ? { description } : {};
    return Object.assign({ name, in: 'query', required: required.includes(name), schema: rest }, told);
  });
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
