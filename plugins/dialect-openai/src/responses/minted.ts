/**
 * Ids of answers that came from a target of another dialect.
 *
 * Nobody keeps these answers, so their ids lead nowhere. They can be told from a provider's own by the mark in them, and
 * a request that names one is told so.
 */
import { GatewayError } from '@gatewright/core';

const MARK = 'gw_';
const MINTED = /^[a-z]+_gw_/;
/** How long a provider's id may be that is made part of another. */
const MAX_ID = 48;

/** What the ids of one answer have in common. `id` is the answer's own. */
function stem(id: string): string {
  const plain = id.replace(/[^\w-]/g, '').slice(0, MAX_ID);
  return plain.startsWith(MARK) ? plain : `${MARK}${plain}`;
}

/** The id of an answer. */
export const responseId = (id: string): string => `resp_${stem(id)}`;

/** The id of an item of an answer: `prefix` says of which type, `index` is its place in the output. */
export const itemId = (prefix: string, id: string, index: number): string => `${prefix}_${stem(id)}_${index}`;

/** Whether an id was made here. */
export const isMinted = (id: unknown): boolean => typeof id === 'string' && MINTED.test(id);

/** The error for a request that goes on from an answer which nobody keeps. */
export function notKept(param: string, id: string): GatewayError {
  const message = `${param} names ${JSON.stringify(id)}, and nobody keeps that: the answer came from a provider without stored responses.`;
  return new GatewayError('GW_BAD_REQUEST', message, {
    param,
    help: 'Send the whole conversation as `input`, with what was answered in it and `store: false`; do not refer to answers or items by their ids.',
  });
}
