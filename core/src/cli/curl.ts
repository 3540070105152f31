/** A line to paste into a shell, that asks a running gateway something. */
import type { Surface } from '../dialect.ts';
import type { Kernel } from '../kernel/kernel.ts';

const CONTEXT = { unsupported: () => undefined, warn: () => undefined };

/** Undefined where the gateway has no chat surface, or no model. `url` is the gateway's, without a path. */
export function curlLine(kernel: Kernel, url: string): string | undefined {
  const chats = ({ dialect }: Surface): boolean => kernel.dialects.get(dialect)?.operation === 'chat';
  const surface = kernel.surfaces.find((one) => one.method === 'POST' && chats(one) && !/[:*\\]/.test(one.path));
  const model = kernel.models.names.find((name) => !name.includes('*'));
  const dialect = surface === undefined ? undefined : kernel.dialects.get(surface.dialect);
  if (surface === undefined || model === undefined || dialect === undefined) return undefined;
  const body = dialect.codec.encodeRequest(
    { model, messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }], stream: false },
    { model, ...CONTEXT },
  );
  const key = kernel.hooks.list('auth').length === 0 ? '' : ` -H 'authorization: Bearer YOUR-KEY'`;
  const data = JSON.stringify(body).replaceAll("'", `'\\''`);
  return `curl ${url}${surface.path}${key} -H 'content-type: application/json' -d '${data}'`;
}
