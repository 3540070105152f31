/** What a caller saw, through the official client. */
import OpenAI from 'openai';

export interface Seen {
  /** 0 where there was no answer at all. */
  readonly status: number;
  readonly text: string;
  readonly finish: string | undefined;
  /** Undefined where the client took the answer for a whole one. */
  readonly error: string | undefined;
  /** The target that the gateway says answered. */
  readonly target: string | undefined;
  /** Milliseconds. */
  readonly took: number;
}

/** The longest that anything may take here, in milliseconds: beyond it, it hangs. */
export const BUDGET = 8_000;

export async function observe(
  url: string,
  streamed: boolean,
  headers: Readonly<Record<string, string>>,
): Promise<Seen> {
  const client = new OpenAI({ apiKey: 'x', baseURL: `${url}/v1`, maxRetries: 0, timeout: BUDGET });
  const start = performance.now();
  const request = { model: 'asked', messages: [{ role: 'user' as const, content: 'count' }] };
  const seen = {
    status: 0,
    text: '',
    finish: undefined as string | undefined,
    target: undefined as string | undefined,
  };
  try {
    if (streamed) {
      const options = { ...request, stream: true as const, stream_options: { include_usage: true } };
      const { data, response } = await client.chat.completions.create(options, { headers }).withResponse();
      seen.status = response.status;
      seen.target = response.headers.get('x-gatewright-target') ?? undefined;
      for await (const { choices } of data) {
        seen.text += choices[0]?.delta.content ?? '';
        seen.finish = choices[0]?.finish_reason ?? seen.finish;
      }
    } else {
      const { data, response } = await client.chat.completions.create(request, { headers }).withResponse();
      seen.status = response.status;
      seen.target = response.headers.get('x-gatewright-target') ?? undefined;
      seen.text = data.choices[0]?.message.content ?? '';
      seen.finish = data.choices[0]?.finish_reason;
    }
    return { ...seen, error: undefined, took: performance.now() - start };
  } catch (error) {
    const { status, message } = error as { status?: number; message: string };
    return { ...seen, status: status ?? seen.status, error: message, took: performance.now() - start };
  }
}
