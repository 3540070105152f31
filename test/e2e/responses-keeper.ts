/** A provider of the Responses API that keeps what it answers, as far as its clients see. */
import { EVENT_STREAM, JSON_BODY, Upstream, type Answer, type Received } from './upstream.ts';

/** Its ids have its name in them. */
export class Keeper {
  readonly upstream: Upstream;
  readonly #name: string;
  readonly #kept = new Map<string, Record<string, unknown>>();
  #made = 0;

  private constructor(upstream: Upstream, name: string) {
    this.upstream = upstream;
    this.#name = name;
    upstream.answer((request) => this.#answer(request));
  }

  static async start(name: string): Promise<Keeper> {
    return new Keeper(await Upstream.start(), name);
  }

  /** Work in the background is done. */
  complete(id: string): void {
    this.#kept.set(id, { ...this.#kept.get(id), status: 'completed', usage: USAGE });
  }

  #answer({ method, path, body }: Received): Answer {
    const { pathname, searchParams } = new URL(path, 'http://keeper');
    const [, id = '', action = ''] = /^\/v1\/responses\/([^/]+)(?:\/(\w+))?$/.exec(pathname) ?? [];
    if (id === '') return json(this.#make(JSON.parse(body.toString()) as Record<string, unknown>));
    const kept = this.#kept.get(id);
    if (kept === undefined)
      return json({ error: { message: `No response ${id}.`, type: 'invalid_request_error' } }, 404);
    if (method === 'DELETE') {
      this.#kept.delete(id);
      return json({ id, object: 'response', deleted: true });
    }
    if (action === 'cancel') this.#kept.set(id, { ...kept, status: 'cancelled' });
    if (action === 'input_items') return json({ object: 'list', data: ITEMS, has_more: false });
    if (searchParams.get('stream') === 'true') return { headers: EVENT_STREAM, chunks: replay(kept) };
    return json(this.#kept.get(id) ?? {});
  }

  #make({ background = false, model, store = true }: Record<string, unknown>): Record<string, unknown> {
    const id = `resp_${this.#name}_${++this.#made}`;
    const status = background === true ? 'queued' : 'completed';
    // What it will use, nobody knows before it is done.
    const usage = background === true ? null : USAGE;
    const made = { id, object: 'response', created_at: 1, status, background, model, output: [], usage };
    if (store === true) this.#kept.set(id, made);
    return made;
  }
}

export const USAGE = { input_tokens: 3, output_tokens: 4, total_tokens: 7 };
export const ITEMS = [{ id: 'msg_1', type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello' }] }];

export const json = (value: unknown, status = 200): Answer => ({
  status,
  headers: JSON_BODY,
  chunks: [JSON.stringify(value)],
});

/** The stream of a response that has failed in the meantime, from where the client had left. */
function replay(response: Record<string, unknown>): string[] {
  const events = [
    {
      type: 'response.output_text.delta',
      sequence_number: 5,
      item_id: 'm',
      output_index: 0,
      content_index: 0,
      delta: 'Hi',
    },
    {
      type: 'response.failed',
      sequence_number: 6,
      response: { ...response, status: 'failed', error: { code: 'x', message: 'Broke.' } },
    },
  ];
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}
