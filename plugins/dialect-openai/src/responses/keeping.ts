/** What a request says of answers that its server keeps. */
import type { Keeping } from '@gatewright/core';
import { isMinted } from './minted.ts';

export const keeping: Keeping = {
  // The API keeps an answer unless it is told not to.
  keeps: (body) => body.value('store') !== false,
  refers: (body) => {
    const id = body.value('previous_response_id');
    // Of ids that were made here it is said elsewhere that they lead nowhere.
    if (typeof id !== 'string' || id === '' || isMinted(id)) return undefined;
    return { id, param: 'previous_response_id' };
  },
};
