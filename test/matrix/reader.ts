/** Reads the requests that upstreams received: each dialect has a reader that states them as facts, whoever wrote them. */
import { fact } from './conversation.ts';

export type Json = Readonly<Record<string, unknown>>;

/** States as facts what a request says, in the order of `factsAsked`. `path` is where it came in. */
export type Reader = (body: Json, path: string) => readonly string[];

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value as an object; an empty one where it is none. */
export const asJson = (value: unknown): Json => (isJson(value) ? value : {});

/** The value as a list of objects; an empty one where it is none. */
export const asList = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(asJson) : []);

/** A member as text; empty where it is none. */
export const textAt = (value: unknown, key: string): string => {
  const found = asJson(value)[key];
  return typeof found === 'string' ? found : '';
};

/** Whether something below has a member of this name. */
export function has(value: unknown, key: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((one) => has(one, key));
  return Object.entries(value).some(([name, inner]) => name === key || has(inner, key));
}

/** What a request says besides its messages, in the order that facts have. */
export interface Settings {
  readonly tools: readonly { readonly name: string; readonly parameters: unknown }[];
  readonly force: string | undefined;
  readonly schema: unknown;
  readonly thinks: boolean;
  readonly stops: unknown;
  readonly cached: boolean;
  readonly limit: unknown;
  readonly stream: boolean;
}

export function settingFacts({ tools, force, schema, thinks, stops, cached, limit, stream }: Settings): string[] {
  return [
    ...tools.map(({ name, parameters }) => fact.tool(name, parameters)),
    ...(force === undefined ? [] : [fact.force(force)]),
    ...(schema === undefined ? [] : [fact.schema(schema)]),
    ...(thinks ? [fact.thinks] : []),
    ...(Array.isArray(stops) ? stops : []).map((stop) => fact.stop(String(stop))),
    ...(cached ? [fact.cached] : []),
    ...(typeof limit === 'number' ? [fact.limit(limit)] : []),
    ...(stream ? [fact.stream] : []),
  ];
}
