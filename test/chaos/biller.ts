/** A provider that keeps its own bill: what it has answered, or begun to answer, it charges for. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a request is charged. */
export interface Charge {
  readonly id: string;
  /** The output tokens that were allowed. */
  readonly most: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

interface Asked {
  readonly max_completion_tokens?: number;
  readonly max_tokens?: number;
  readonly stream?: boolean;
}

export class Biller {
  /** In the order in which the requests came. */
  readonly bill: Charge[] = [];
  /** Milliseconds before it answers; of a stream, before it goes on after its first word. */
  delay = 0;
  /** Is called when a request has come, before it is answered. */
  onRequest: (charge: Charge) => void = () => undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async start(): Promise<Biller> {
    const biller = new Biller();
    await new Promise<void>((resolve) => biller.#server.listen(0, '127.0.0.1', resolve));
    return biller;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked = JSON.parse(Buffer.concat(chunks).toString()) as Asked;
    const number = this.bill.length;
    const most = asked.max_completion_tokens ?? asked.max_tokens ?? 1;
    const charge: Charge = {
      id: `bill-${number}`,
      most,
      promptTokens: 10 + (number % 7),
      completionTokens: 1 + (number % most),
    };
    this.bill.push(charge);
    this.onRequest(charge);
    if (asked.stream === true) {
      await this.#stream(charge, response);
      return;
    }
    if (this.delay > 0) await sleep(this.delay);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer(charge)));
  }

  async #stream(charge: Charge, response: ServerResponse): Promise<void> {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(event(charge, { choices: [{ index: 0, delta: { content: 'Charged.' }, finish_reason: null }] }));
    // Whoever has gone meanwhile is not waited for.
    if (this.delay > 0) await sleep(this.delay, undefined, { ref: false });
    response.write(event(charge, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }));
    response.end(`${event(charge, { choices: [], usage: usageOf(charge) })}data: [DONE]\n\n`);
  }
}

const event = ({ id }: Charge, fields: object): string =>
  `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created: 1, model: 'metered', ...fields })}\n\n`;

const usageOf = ({ promptTokens, completionTokens }: Charge): object => ({
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
  total_tokens: promptTokens + completionTokens,
});

function answer(charge: Charge): object {
  return {
    id: charge.id,
    object: 'chat.completion',
    created: 1,
    model: 'metered',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Charged.', refusal: null }, finish_reason: 'stop' }],
    usage: usageOf(charge),
  };
}
