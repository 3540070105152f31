/** A request as it arrives: its path and query, taken apart when they are asked for. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export class Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  /** All of the body was taken, though the parser may hear of its end a moment later. */
  isRead = false;
  readonly #search: string;
  #query: URLSearchParams | undefined;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.request = request;
    this.response = response;
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    this.path = mark < 0 ? url : url.slice(0, mark);
    this.#search = mark < 0 ? '' : url.slice(mark + 1);
  }

  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(this.#search);
    return this.#query;
  }
}
