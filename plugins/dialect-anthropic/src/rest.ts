/** What the neutral form has no field for, kept beside it in this dialect's name. */
import { keeperOf } from '@gatewright/core/wire';
import { MESSAGES } from './names.ts';

export { compact, nested, omit, restFields, restore } from '@gatewright/core/wire';

export const keeper = keeperOf(MESSAGES);

export const { besides, hint, restFrom, restoreNested, withRest } = keeper;
