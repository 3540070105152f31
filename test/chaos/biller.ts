/** A provider that keeps its own bill: what it has answered, or begun to answer, it charges for. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a request is charged. */
export interface Charge {
  readonly id: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

interface Asked {
  readonly max_completion_tokens?: number;
  readonly max_tokens?: number;
}

export class Biller {
  /** In the order in which the requests came. */
  readonly bill: Charge[] = [];
  /** Milliseconds before it answers. */
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
      promptTokens: 10 + (number % 7),
      completionTokens: 1 + (number % most),
    };
    this.bill.push(charge);
    this.onRequest(charge);
    if (this.delay > 0) await sleep(this.delay);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer(charge)));
  }
}

function answer({ id, promptTokens, completionTokens }: Charge): object {
  return {
    id,
    object: 'chat.completion',
    created: 1,
    model: 'metered',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Charged.', refusal: null }, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
  };
}
